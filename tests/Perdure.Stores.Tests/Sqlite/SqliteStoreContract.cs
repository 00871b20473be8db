using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>The SQLite store fulfils the contract; every handle is a connection of its own to the same file.</summary>
public sealed class SqliteStoreContract : StoreContract, IDisposable
{
    private readonly TempDatabase _file = new();

    public void Dispose() => _file.Dispose();

    protected override IPerdureStore CreateStore() => _file.Create(Clock);

    protected override IPerdureStore OpenAnother(IPerdureStore first) => _file.Create(Clock);
}
