using Perdure.Sqlite;
using Perdure.Storage;
using Perdure.Stores.Tests.Differential;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>
/// The SQLite store against the model. Nothing here asks whether commits survive a power loss, so none waits for the disk.
/// </summary>
public sealed class SqliteStoreDifferential : StoreDifferential, IDisposable
{
    private readonly List<TempDatabase> _files = [];

    protected override int Seeds => 150;

    public void Dispose() => _files.ForEach(static file => file.Dispose());

    protected override IPerdureStore CreateStore(TimeProvider clock)
    {
        _files.Add(new());
        return _files[^1].Create(clock, static options => options.Synchronous = SqliteSynchronous.Normal);
    }
}
