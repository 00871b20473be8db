using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>
/// I-14: an activity that loses its worker again and again waits longer each time before somebody takes it, so that a burst of losses does not use up its budget. Kept apart from
/// what the store writes to its rows. I-35: of those that have lost their worker twice, a claim gets one, so that none is taken along by another again and again.
/// </summary>
internal sealed class LossRules(World world, MemoryStore data)
{
    private static readonly double[] Seconds = [0, 0.5, 1, 2, 4, 8];

    private readonly Dictionary<(long Run, int Operation), (long Token, int Losses, Instant Until)> _waits = [];

    /// <summary>Dead workers' activities have just been freed.</summary>
    public void Freed(Instant now)
    {
        foreach (var run in data.Runs.All)
        {
            if (run.Tasks is null) continue;
            foreach (var task in run.Tasks.Values)
            {
                if (task is not { Owner: 0, Crashes: > 0 }) continue;
                var (token, losses, _) = _waits.GetValueOrDefault(task.Key);
                if (losses == task.Crashes && token == task.Token) continue;
                _waits[task.Key] = (task.Token, task.Crashes, now.Add(TimeSpan.FromSeconds(Seconds[Math.Min(task.Crashes, Seconds.Length) - 1])));
            }
        }
    }

    public void Taken(ClaimedTasks claimed, Instant now)
    {
        if (claimed.Tasks.Count(static task => task is { Expired: false, Crashes: >= 2 }) > 1)
            world.Fail("I-35", $"Several activities that have lost their workers again and again were taken at once: {string.Join(", ", claimed.Tasks.Select(static task => $"{task.Attempt.Operation} of {task.RunId}, {task.Crashes} losses"))}.");
        foreach (var task in claimed.Tasks)
        {
            if (task.Expired || !_waits.Remove((task.Attempt.Run, task.Attempt.Operation), out var wait) || task.Crashes != wait.Losses || now >= wait.Until) continue;
            world.Fail("I-14", $"Activity {task.Attempt.Operation} of {task.RunId} lost its worker {wait.Losses} times in a row and was taken at {now}, before {wait.Until}.");
        }
    }
}
