using Microsoft.Extensions.DependencyInjection;
using Perdure.Sqlite;
using Perdure.Sqlite.Schema;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.BadStore;

/// <summary>Files that an engine must not touch: it does not start, says why, and leaves them as they are.</summary>
public class UnusableFileTests
{
    private static void Nothing(IPerdureBuilder builder) { }

    [Fact]
    public async Task AFileThatIsNoDatabase_StopsTheStartAndStaysAsItIs()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        var text = new string('x', 10_000);
        await File.WriteAllTextAsync(store.Path, text);

        await RefusedAsync(store, "PERD1305", "no database", "restore a backup");

        Assert.Equal(text, await File.ReadAllTextAsync(store.Path));
    }

    [Fact]
    public async Task ADamagedHeader_StopsTheStart()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        await using (var engine = await TestEngine.StartAsync(store, Nothing)) await engine.StopAsync();
        await using (var file = new FileStream(store.Path, FileMode.Open, FileAccess.ReadWrite)) file.Write("garbage garbage garbage"u8);

        await RefusedAsync(store, "PERD1305", store.Path, "restore a backup");
    }

    [Fact]
    public async Task ADatabaseOfANewerVersion_StopsTheStartAndNamesBothVersions()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        var next = new Migration(Migrations.All[^1].Version + 1, "a later version", "CREATE TABLE perdure_later(key INTEGER)", Oldest: Migrations.All[^1].Version + 1);
        await using (var newer = new SqliteStore(new SqliteStoreOptions(store.Path), store.Clock, [.. Migrations.All, next]))
            await newer.InitializeAsync(migrate: true, CancellationToken.None);

        await RefusedAsync(store, "PERD1306", $"version {next.Version}", $"up to {Migrations.All[^1].Version}", "Update the Perdure.Sqlite package");
    }

    [Fact]
    public async Task AMissingDirectory_StopsTheStart()
    {
        var services = new ServiceCollection();
        services.AddPerdure().UseSqlite("Data Source=/no/such/directory/runs.db");
        await using var provider = services.BuildServiceProvider();

        var error = await Assert.ThrowsAsync<StoreException>(() => PerdureEngine.StartAsync(provider).Soon());

        Assert.Equal("PERD1304", error.Code);
        Assert.Contains("directory exists", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Neither a worker nor a client works on the store, and both say the same.</summary>
    private static async Task RefusedAsync(TestStore store, string code, params string[] texts)
    {
        var start = await Assert.ThrowsAsync<StoreException>(() => TestEngine.StartAsync(store, Nothing).Soon());
        await using var client = TestEngine.ClientOnly(store);
        var call = await Assert.ThrowsAsync<StoreException>(() => client.Client.ListAsync().Soon());
        foreach (var error in new[] { start, call })
        {
            Assert.Equal(code, error.Code);
            foreach (var text in texts) Assert.Contains(text, error.Message, StringComparison.Ordinal);
        }
    }
}
