using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Commits what a lane has gathered: the hot path of the store.</summary>
internal sealed class Groups(Writer writer)
{
    private readonly HistoryEnds _ends = new();

    public GroupOutcome Commit(RunGroup group)
    {
        using var write = writer.Begin("commit a group");
        if (!Lanes.TryPass(write.Db, group.Stamp)) return new(GroupVerdict.Fenced, [], [], write.Now);

        var bundles = group.Bundles;
        BundleOutcome[]? outcomes = null;
        List<Refusal>? refusals = null;
        var held = HeldQueues.Of(write.Db, bundles);
        for (var i = 0; i < bundles.Count; i++)
        {
            var bundle = bundles[i];
            RefusalReason? refused = null;
            if (bundle.OnlyAppends())
            {
                var isNext = _ends.IsAt(write.Db, bundle.Run, bundle.Events.FirstSequence);
                if (!isNext || !EventLog.TryAppend(write.Db, bundle.Run, bundle.Events)) refused = RefusalReason.NotOwned;
            }
            else
            {
                outcomes ??= Silent(bundles.Count);
                refused = Bundles.Write(write, _ends, held, group.Stamp.Worker, bundle, ref outcomes[i]);
            }
            // Go on: the caller wants to know of all that do not fit. What has been written is rolled back with the scope.
            if (refused is { } reason) (refusals ??= []).Add(new(bundle.Run, reason));
        }
        if (refusals is not null) return new(GroupVerdict.Refused, [], refusals, write.Now);

        if (Sequels.Exist(bundles)) Sequels.Write(write, bundles, outcomes!);
        write.Commit();
        _ends.Note(bundles);
        return new(GroupVerdict.Committed, outcomes is null ? new Silence(bundles.Count) : outcomes, [], write.Now);
    }

    public bool Resolve(long worker, int lane, long number)
    {
        using var write = writer.Begin("resolve a group");
        var committed = Lanes.Resolve(write.Db, worker, lane, number);
        write.Commit();
        return committed;
    }

    public IReadOnlyList<BirthOutcome> Start(IReadOnlyList<RunBirth> births)
    {
        using var write = writer.Begin("start runs");
        var outcomes = new BirthOutcome[births.Count];
        for (var i = 0; i < outcomes.Length; i++)
            outcomes[i] = Births.Give(write.Db, births[i], owner: 0, births[i].Events, write.Now, out _);
        write.Commit();
        return outcomes;
    }

    private static BundleOutcome[] Silent(int count)
    {
        var outcomes = new BundleOutcome[count];
        Array.Fill(outcomes, new BundleOutcome());
        return outcomes;
    }
}
