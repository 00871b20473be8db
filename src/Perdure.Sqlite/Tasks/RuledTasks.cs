using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;

namespace Perdure.Sqlite.Tasks;

/// <summary>Finds due tasks of a queue that has a rule: in its order, as far as its limits let them pass.</summary>
internal static class RuledTasks
{
    /// <summary>Rows of the tasks, in the order in which they are taken. Those that keep losing their workers count down <paramref name="suspects"/>.</summary>
    public static List<long> Find(Connection db, QueueSlots slots, QueueRule rule, string? activities, ref int suspects, Instant now)
    {
        var found = new List<long>();
        var room = Slots.RoomOn(db, slots.Queue, rule);
        if (room.IsFull || slots.Free <= 0) return found;
        foreach (var task in rule.AgeAfter > TimeSpan.Zero ? ByAge(db, slots, rule, activities, suspects, now) : ByPriority(db, slots.Queue, activities, now))
        {
            if (task.IsSuspect && suspects == 0) continue;
            if (!room.TryTake(task.Key)) continue;
            if (task.IsSuspect) suspects--;
            found.Add(task.Row);
            if (found.Count == slots.Free || room.IsFull) break;
        }
        return found;
    }

    private static IEnumerable<WaitingTask> ByPriority(Connection db, string queue, string? activities, Instant now)
    {
        for (var priority = TaskQueues.Highest(db, queue); priority is { } p; priority = TaskQueues.Below(db, queue, p))
            foreach (var task in WaitingTasks.All(db, queue, p, activities, now)) yield return task;
    }

    /// <summary>Of one priority, whoever is due first stays first, so the first of each are enough. Limits for keys may pass over any number of them.</summary>
    private static List<WaitingTask> ByAge(Connection db, QueueSlots slots, QueueRule rule, string? activities, int suspects, Instant now)
    {
        var found = new List<WaitingTask>();
        for (var priority = TaskQueues.Highest(db, slots.Queue); priority is { } p; priority = TaskQueues.Below(db, slots.Queue, p))
        {
            var first = rule.MaxPerKey > 0 ? WaitingTasks.All(db, slots.Queue, p, activities, now) : WaitingTasks.First(db, slots.Queue, p, slots.Free, suspects, activities, now);
            foreach (var task in first) found.Add(task with { Priority = rule.PriorityOf((int)p, task.Due, now) });
        }
        found.Sort();
        return found;
    }
}
