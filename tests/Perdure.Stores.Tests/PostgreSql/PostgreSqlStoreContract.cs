using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

/// <summary>The PostgreSQL store fulfils the contract; every handle has connections of its own to the same schema.</summary>
public sealed class PostgreSqlStoreContract : StoreContract
{
    private readonly string _schema = ClockedStores.NewSchema();

    protected override IPerdureStore CreateStore() => ClockedStores.Create(_schema, Clock);

    protected override IPerdureStore OpenAnother(IPerdureStore first) => ClockedStores.Create(_schema, Clock);
}
