using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Work that has lost its workers again and again may be the cause. A worker drives one such run or activity at a time, so that only the guilty one goes on counting losses, and none
/// of those that were unlucky beside it. Thread safe.
/// </summary>
internal sealed class SuspectSlot
{
    /// <summary>So long an activity is alone with its suspicion after the second loss. Each further loss makes it <see cref="Growth"/> times as long.</summary>
    private static readonly TimeSpan FirstTrial = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestTrial = TimeSpan.FromHours(1);
    private const int Growth = 8;

    private object? _holder;

    /// <summary>How many suspects may be taken: 1 or 0.</summary>
    public int Free => Volatile.Read(ref _holder) is null ? 1 : 0;

    /// <summary>Told when a suspect has gone, or is none any more: another one may be tried.</summary>
    public required Action OnFree { get; init; }

    /// <summary>Whether work that was lost so often in a row may be the cause.</summary>
    public static bool IsSuspect(int crashes) => crashes >= LossBackoff.From;

    /// <summary>A run or an activity that is suspect has been taken.</summary>
    public void Take(object suspect) => Volatile.Write(ref _holder, suspect);

    /// <summary>It has left, or has made progress.</summary>
    public void Leave(object suspect)
    {
        if (Interlocked.CompareExchange(ref _holder, null, suspect) == suspect) OnFree();
    }

    /// <summary>
    /// An activity makes no progress that anybody could see until it ends, and may take hours. So it holds up the others for a time only, which is longer after each loss.
    /// </summary>
    public void EndTrial(Instant now)
    {
        if (Volatile.Read(ref _holder) is RunningTask { IsBegun: true } task && now - task.StartedAt >= TrialOf(task.Task.Crashes)) Leave(task);
    }

    private static TimeSpan TrialOf(int crashes)
    {
        var trial = FirstTrial;
        for (var loss = LossBackoff.From; loss < crashes && trial < LongestTrial; loss++) trial *= Growth;
        return trial < LongestTrial ? trial : LongestTrial;
    }
}
