using Perdure.Storage;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>What is written to the file is there when it is opened again.</summary>
public sealed class SqliteFileTests
{
    [Fact]
    public async Task Reopen_AfterACommit_FindsRunWithItsHistory()
    {
        using var file = new TempDatabase();
        await using (var store = await file.OpenAsync())
        {
            var lane = await Lane.RegisterAsync(store);
            Assert.Equal(GroupVerdict.Committed, (await lane.CommitAsync(Some.Owned(Some.Birth(1)))).Verdict);
            Assert.Equal(GroupVerdict.Committed, (await lane.CommitAsync(Some.Step(1, 1), Some.Owned(Some.Birth(2)))).Verdict);
            Assert.True((await lane.CommitAsync(Some.Close(1, 2))).Bundles[0].Closed);
        }

        await using var again = await file.OpenAsync();
        var run = await again.ReadRunAsync(new(Id: "run-000001"), Some.Never);

        Assert.NotNull(run);
        Assert.Equal((RunStatus.Completed, 3, 0L), (run.Status, run.Events, run.Owner));
        Assert.Equal("{\"n\":1}"u8.ToArray(), run.Input.ToArray());
        Assert.Equal("42"u8.ToArray(), run.Result.ToArray());
        Assert.Equal([0, 1, 2], (await again.ReadHistoryAsync(1, 0, Some.Never)).Select(batch => batch.FirstSequence));
    }
}
