using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;

namespace Perdure.Sqlite.Journal;

/// <summary>Queues whose work is taken by claims only, for a group that would have some of it at once.</summary>
internal sealed class HeldQueues
{
    private readonly QueueRules _rules;

    private HeldQueues(QueueRules rules) => _rules = rules;

    /// <summary>Null when there is no such queue, or when the group takes nothing at once. The rules are read only for a group that does.</summary>
    public static HeldQueues? Of(Connection db, IReadOnlyList<RunBundle> bundles)
    {
        for (var i = 0; i < bundles.Count; i++)
        {
            if (TakesSomething(bundles[i])) return QueueRules.Read(db) is { } rules ? new HeldQueues(rules) : null;
        }
        return null;
    }

    public bool Refuse(RunBundle bundle)
    {
        if (bundle is { Birth: { } birth, Owned: true } && IsHeld(birth.Queue)) return true;
        foreach (var task in bundle.NewTasks)
        {
            if (task.Claimed && IsHeld(task.Queue)) return true;
        }
        return false;
    }

    private bool IsHeld(string queue) => _rules.Find(queue) is { IsHeld: true };

    private static bool TakesSomething(RunBundle bundle)
    {
        if (bundle is { Birth: not null, Owned: true }) return true;
        for (var i = 0; i < bundle.NewTasks.Count; i++)
        {
            if (bundle.NewTasks[i].Claimed) return true;
        }
        return false;
    }
}
