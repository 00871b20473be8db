using Perdure.Sqlite;

namespace Perdure.Tests.Docs.Snippets;

internal static class SqliteReadme
{
    public static async Task OpenAsync()
    {
        // snippet
        await using var store = new SqliteStore(new SqliteStoreOptions("Data Source=orders.db"), TimeProvider.System);
        await store.InitializeAsync(migrate: true, CancellationToken.None);
        // end
    }
}
