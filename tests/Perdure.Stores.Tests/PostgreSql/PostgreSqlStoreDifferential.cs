using Perdure.Storage;
using Perdure.Stores.Tests.Differential;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

/// <summary>The PostgreSQL store against the model.</summary>
public sealed class PostgreSqlStoreDifferential : StoreDifferential
{
    protected override int Seeds => 150;

    protected override int DumpEvery => 20;

    protected override IPerdureStore CreateStore(TimeProvider clock) => ClockedStores.Create(ClockedStores.NewSchema(), clock);
}
