using System.Text;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>Names are data: whatever is in them, it is bound and comes back as it was.</summary>
public sealed class SqliteNamesTests
{
    [Fact]
    public async Task T13_TenThousandRandomNames_AreStoredFoundAndNeverExecuted()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        var random = new Random(13);
        for (var key = 1L; key <= 2000; key++)
        {
            var (id, queue, startKey, tag, value) = (Name(random), Name(random), Name(random), Name(random), Name(random));
            var tags = new Dictionary<string, string> { [tag] = value };
            await store.StartRunsAsync([Make.Birth(key, id) with { Queue = queue, StartKey = startKey, Tags = tags }], Make.Never);

            var run = await store.ReadRunAsync(new(StartKey: startKey), Make.Never);
            Assert.Equal((key, id, queue, startKey, value), (run!.Key, run.Id, run.Queue, run.StartKey, run.Tags[tag]));
            var query = new RunQuery { Queue = queue, IdPrefix = id[..^2], Tags = new Dictionary<string, string?> { [tag] = value } };
            var page = await store.ListRunsAsync(query, Make.Never);
            Assert.Equal([id], page.Runs.Select(found => found.Id));
        }
    }

    /// <summary>Quotes, semicolons, comments, controls, accents and emoji, a few of each; unique by the number at the end.</summary>
    private static string Name(Random random)
    {
        string[] pieces =
        [
            "'", "\"", ";", "--", "/*", "*/", "\0", "\n", "%", "_", "?1", ":a", "DROP TABLE perdure_run", ")", "\\",
            "é", "\u202e", "😀", "\uffff", "x",
        ];
        var name = new StringBuilder();
        for (var i = random.Next(1, 6); i > 0; i--) name.Append(pieces[random.Next(pieces.Length)]);
        return name.Append(random.NextInt64(1_000_000_000_000, long.MaxValue)).ToString();
    }
}
