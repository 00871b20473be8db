using Perdure.Files;
using Perdure.PostgreSql;
using Perdure.Sqlite;
using Perdure.Tests.Architecture.PublicApi;

namespace Perdure.Tests.Architecture;

/// <summary>
/// The public surface is what the snapshots say. After a wanted change write them anew, and look at the difference:
/// <c>PERDURE_WRITE_API=1 dotnet test tests/Perdure.Tests --filter PublicApi</c>.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly bool Write = Environment.GetEnvironmentVariable("PERDURE_WRITE_API") == "1";

    public static TheoryData<Type> Packages => [typeof(WorkflowContext), typeof(global::Perdure.AspNetCore.PerdureHookEndpoints), typeof(FileStoreOptions), typeof(PostgreSqlStoreOptions), typeof(SqliteStoreOptions)];

    [Theory]
    [MemberData(nameof(Packages))]
    public void PublicApi_IsWhatTheSnapshotSays(Type member)
    {
        var assembly = member.Assembly;
        var path = Repository.File($"tests/Perdure.Tests/Architecture/PublicApi/{assembly.GetName().Name}.txt");
        var actual = ApiText.Of(assembly);
        if (Write) File.WriteAllText(path, actual);
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        var (added, removed) = (Lines(actual).Except(Lines(expected)), Lines(expected).Except(Lines(actual)));
        Assert.True(actual == expected, $"The public API differs from {Path.GetFileName(path)}. If that is wanted, write it anew with PERDURE_WRITE_API=1.\n"
            + $"Added:\n{string.Join("\n", added)}\nRemoved:\n{string.Join("\n", removed)}");
    }

    [Fact]
    public void PublicApi_OfTheEngine_IsNoSmallThing() => Assert.InRange(Lines(ApiText.Of(typeof(WorkflowContext).Assembly)).Length, 100, 5_000);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
