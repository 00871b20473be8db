using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Files;
using Perdure.Storage;

namespace Perdure.Cli.Databases;

/// <summary>A folder of readable files. One worker process owns it; everybody else goes through its inbox.</summary>
internal sealed class FileDatabase : Database
{
    private const string Scheme = "file:";

    private readonly string _path;

    private FileDatabase(string path) => _path = path;

    public override string Place => _path;

    public override bool MigratesByItself => true;

    public override bool IsMissing => !Directory.Exists(_path);

    public override string Script => throw new UsageException("A folder of files has no schema, so there is no script.");

    public static bool IsMeant(string address) => address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <exception cref="UsageException">It names no folder.</exception>
    public static FileDatabase From(string address)
    {
        // file:runs, file:/data/runs and file:///data/runs are all in use.
        var path = address[Scheme.Length..];
        if (path.StartsWith("//", StringComparison.Ordinal)) path = path[2..];
        return path.Length > 0 ? new FileDatabase(path) { Address = address } : throw new UsageException("Which folder? file:runs, or file:/data/runs.");
    }

    public override async Task BackUpAsync(string target, CancellationToken stop)
    {
        await using var store = new FileStore(new FileStoreOptions(_path), TimeProvider.System);
        await store.InitializeAsync(migrate: false, stop);
        await store.BackUpAsync(target, stop);
    }

    public override Task CompactAsync(CancellationToken stop) => throw new UsageException("A folder of files has no unused space: what is deleted is gone from the disk.");

    public override IPerdureStore Open(ILoggerFactory? logs) => new FileStore(new FileStoreOptions(_path), TimeProvider.System, logs?.CreateLogger("Perdure.FileStore"));

    // Whether this process owns the folder follows from whether it works.
    public override void Use(IPerdureBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.UseFile(_path);
    }
}
