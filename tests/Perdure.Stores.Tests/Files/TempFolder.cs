using Perdure.Files;

namespace Perdure.Stores.Tests.Files;

/// <summary>A folder for a file store, gone after the test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "perdure-" + Guid.NewGuid().ToString("N"));

    /// <summary>Opens a store that owns the folder, as that of a worker does.</summary>
    public async Task<FileStore> OpenAsync(TimeProvider? clock = null, Action<FileStoreOptions>? configure = null)
    {
        var store = Create(clock, configure);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        return store;
    }

    public FileStore Create(TimeProvider? clock = null, Action<FileStoreOptions>? configure = null)
    {
        var options = new FileStoreOptions(Path) { IsOwner = true };
        configure?.Invoke(options);
        return new FileStore(options, clock ?? TimeProvider.System);
    }

    /// <summary>A store as a process has it that is only a client.</summary>
    public FileStore CreateClient(TimeProvider? clock = null) => new(new FileStoreOptions(Path), clock ?? TimeProvider.System);

    public string PathOf(string path) => System.IO.Path.Combine(Path, path);

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }
}
