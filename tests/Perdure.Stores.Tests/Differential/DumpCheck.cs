using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>
/// Invariants of what is stored, from one dump to the next: I-07 (one end), I-11 (fencing), I-13 (history is append-only).
/// </summary>
internal sealed class DumpCheck
{
    private readonly Dictionary<long, (RunRecord Row, string History)> _previous = [];

    public void Forget(long run) => _previous.Remove(run);

    /// <param name="row">The row as it is now.</param>
    /// <param name="batches">Its history as it is now.</param>
    /// <param name="facts">What the stream knows of the run.</param>
    /// <param name="writer">The worker of the group that was just committed, or 0.</param>
    public void Check(RunRecord row, IReadOnlyList<EventBatch> batches, RunFacts facts, long writer)
    {
        var history = string.Concat(batches.Select(batch => System.Text.Encoding.UTF8.GetString(batch.Bytes.Span)));
        var ends = history.Split(';').Count(text => text.StartsWith("end", StringComparison.Ordinal));
        var next = 0;
        foreach (var batch in batches)
        {
            Assert.Equal(next, batch.FirstSequence);
            next = batch.End;
        }
        Assert.Equal(next, history.Count(letter => letter == ';'));
        Assert.InRange(row.Events, 1, next);
        Assert.Equal(facts.Arrived, row.Inbox);
        Assert.InRange(row.Crashes, 0, row.Losses);
        Assert.Equal(facts.Reopened + (row.Status.IsTerminal() ? 1 : 0), ends);
        if (row.Status.IsTerminal())
        {
            Assert.Equal((0L, Instant.Never, next), (row.Owner, row.DueAt, row.Events));
            Assert.StartsWith("end", history.Split(';')[^2], StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal((Instant.Never, 0, 0), (row.ClosedAt, row.Result.Length, row.Failure.Length));
        }

        if (_previous.TryGetValue(row.Key, out var before))
        {
            Assert.StartsWith(before.History, history, StringComparison.Ordinal);
            Assert.True(row.Term >= before.Row.Term);
            Assert.True(row.Losses >= before.Row.Losses);
            if (before.Row.Status.IsTerminal() && row.Status.IsTerminal())
                Assert.Equal((before.Row.Status, before.Row.UpdatedAt), (row.Status, row.UpdatedAt));
            if (history.Length > before.History.Length) Assert.Equal(before.Row.Owner, writer);
            // Ownership changes hands only over nobody.
            if (before.Row.Owner != 0 && row.Owner != 0) Assert.Equal((before.Row.Owner, before.Row.Term), (row.Owner, row.Term));
            if (before.Row.Owner == 0 && row.Owner != 0) Assert.Equal(before.Row.Term + 1, row.Term);
        }
        _previous[row.Key] = (row, history);
    }
}
