using Perdure.Testing.Shared.Postgres;
using Xunit.Abstractions;

namespace Perdure.Torture.Tests.Chaos;

/// <summary>A short torture of real processes. Longer ones: <c>dotnet run -c Release --project tests/Perdure.Torture -- --seconds 600</c>.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public Task Sqlite_UnderKillsFreezesAndLocks_KeepsItsPromises() => TortureAsync("sqlite");

    [PostgresFact]
    public Task PostgreSql_UnderKillsFreezesRestartsAndLocks_KeepsItsPromises() => TortureAsync("postgres");

    private async Task TortureAsync(string store)
    {
        var folder = Directory.CreateTempSubdirectory("perdure-chaos-");
        var verdict = await new TortureRun(new TortureConfig { Folder = folder.FullName, Store = store }, output.WriteLine).RunAsync();
        output.WriteLine(verdict.ToString());

        // What there was stays for whoever looks for the cause.
        Assert.True(verdict.IsPassed, $"{verdict}\nThe evidence is in {folder.FullName}.");
        folder.Delete(recursive: true);
    }
}
