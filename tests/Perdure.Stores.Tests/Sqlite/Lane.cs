using Perdure.Storage;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>A lane of a worker that counts its own attempts.</summary>
internal sealed class Lane(IPerdureStore store, long worker, int number = 1)
{
    private long _attempt;
    private long _committed;

    public long Worker => worker;

    public LaneStamp Next() => new(worker, number, ++_attempt, _committed);

    /// <summary>Notes that the last attempt was committed.</summary>
    public void Confirm() => _committed = _attempt;

    public async Task<GroupOutcome> CommitAsync(params RunBundle[] bundles)
    {
        var outcome = await store.CommitGroupAsync(new(Next(), bundles), CancellationToken.None);
        if (outcome.Verdict == GroupVerdict.Committed) Confirm();
        return outcome;
    }

    public static async Task<Lane> RegisterAsync(IPerdureStore store, int number = 1) =>
        new(store, (await store.RegisterWorkerAsync(Some.Worker(), CancellationToken.None)).Worker, number);
}
