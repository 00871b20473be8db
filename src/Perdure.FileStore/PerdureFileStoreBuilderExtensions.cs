using Microsoft.Extensions.Logging;
using Perdure.Files;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps an engine's runs in plain files.</summary>
public static class PerdureFileStoreBuilderExtensions
{
    /// <summary>Keeps runs in a folder of files that people can read: for one machine and one worker process; others start, signal, cancel and read through its inbox.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The folder; it is created if it is missing. See <see cref="FileStoreOptions.Path"/>.</param>
    /// <param name="configure">Sets further options.</param>
    /// <exception cref="ArgumentException">An option has a value that it cannot have.</exception>
    /// <exception cref="Perdure.InvalidOptionException">A store is configured already.</exception>
    /// <example><code>services.AddPerdure().UseFile("runs");</code></example>
    public static IPerdureBuilder UseFile(this IPerdureBuilder builder, string path, Action<FileStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new FileStoreOptions(path);
        configure?.Invoke(options);
        options.Validate();
        return builder.UseStore("UseFile", services =>
        {
            // Known only now: a worker may be added behind the store.
            options.IsOwner = builder.HasWorker;
            return new FileStore(options, services.GetRequiredService<TimeProvider>(), services.GetService<ILoggerFactory>()?.CreateLogger("Perdure.FileStore"));
        });
    }
}
