using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

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
            var worker = await Some.WorkerAsync(store);
            Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Owned(Make.Birth(1)))).Verdict);
            Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Step(1, 1), Some.Owned(Make.Birth(2)))).Verdict);
            Assert.True((await worker.CommitAsync(new Holding(1, term: 1, next: 2).Bundle(close: RunStatus.Completed))).Bundles[0].Closed);
        }

        await using var again = await file.OpenAsync();
        var run = await again.ReadRunAsync(new(Id: "run-0001"), Make.Never);

        Assert.NotNull(run);
        Assert.Equal((RunStatus.Completed, 3, 0L), (run.Status, run.Events, run.Owner));
        Assert.Equal("1", Make.Text(run.Input));
        Assert.Equal("42", Make.Text(run.Result));
        Assert.Equal([0, 1, 2], (await again.ReadHistoryAsync(1, 0, Make.Never)).Select(batch => batch.FirstSequence));
    }
}
