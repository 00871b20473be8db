using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What operators do to queues.</summary>
internal sealed partial class CommandStream
{
    /// <summary>Often a queue is let go, so that the streams are not about limits only.</summary>
    private async Task ChangeQueueAsync()
    {
        var queue = Pick("q1", "q2", "t1", "t2");
        var change = Chance(60)
            ? new QueueChange(queue) { Paused = false, MaxConcurrency = 0, MaxPerKey = 0, AgeAfter = TimeSpan.Zero }
            : new QueueChange(queue)
            {
                Paused = Chance(40) ? Chance(30) : null, MaxConcurrency = Chance(50) ? _random.Next(4) : null, MaxPerKey = Chance(40) ? _random.Next(3) : null,
                AgeAfter = Chance(30) ? TimeSpan.FromSeconds(_random.Next(4)) : null,
            };
        var changed = await AskAsync($"change {change}", target => target.ChangeQueueAsync(change, Never));
        coverage.Note(changed.Rule.Paused ? "queue paused" : changed.Rule.IsLimited ? "queue limited" : "queue free");
        var name = Chance(50) ? queue : null;
        await AskAsync($"list queues {name}", target => target.ListQueuesAsync(name, Never));
    }
}
