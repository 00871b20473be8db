using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Waits for the end of runs: told by this process where it can be, else by asking the store whenever there is a sign of life. Thread safe.</summary>
internal sealed class RunWaiter(ClientParts parts, Patience patience)
{
    /// <summary>However silent everything is, the store is asked again after this time.</summary>
    private static readonly TimeSpan SafetyPoll = TimeSpan.FromSeconds(1);

    /// <summary>How soon a block is noticed by somebody who wants to know; nobody tells it.</summary>
    private static readonly TimeSpan BlockedPoll = TimeSpan.FromMilliseconds(100);

    /// <summary>A busy store gives a hint at every commit. After a few looks there is a pause before each.</summary>
    private const int LooksWithoutPause = 8;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <exception cref="RunNotFoundException">There is no such run.</exception>
    /// <exception cref="RunBlockedException">The run is blocked and <paramref name="throwIfBlocked"/> is set.</exception>
    /// <exception cref="TimeoutException">The run has not ended in time.</exception>
    public async Task<RunEnd> WaitAsync(string runId, TimeSpan? timeout, bool throwIfBlocked, CancellationToken cancellationToken)
    {
        if (timeout is { } limit && limit < TimeSpan.Zero && limit != Timeout.InfiniteTimeSpan)
            throw new InvalidOptionException("timeout", $"The limit of a wait is 0 or more, not {Durations.Format(limit)}.");
        if (timeout == Timeout.InfiniteTimeSpan) timeout = null;
        var start = parts.Clock.GetTimestamp();
        while (true)
        {
            var end = await WaitForOneAsync(runId, timeout, start, throwIfBlocked, cancellationToken);
            if (end.Next is not { } next) return end;
            runId = next;
        }
    }

    private async Task<RunEnd> WaitForOneAsync(string runId, TimeSpan? timeout, long start, bool throwIfBlocked, CancellationToken cancellationToken)
    {
        using var watch = parts.Submissions.Watch(runId);
        for (var looks = 0; ; )
        {
            if (watch.MustAskStore() || throwIfBlocked || timeout == TimeSpan.Zero)
            {
                if (looks++ > LooksWithoutPause) await Task.Delay(Pause, parts.Clock, cancellationToken);
                var row = await ReadAsync(runId, cancellationToken);
                if (row.Status.IsTerminal()) return RunEnd.Of(row);
                if (throwIfBlocked && row.Status == RunStatus.Blocked) throw Blocked(row);
            }
            var slice = throwIfBlocked ? BlockedPoll : SafetyPoll;
            if (timeout is { } time)
            {
                var left = time - parts.Clock.GetElapsedTime(start);
                if (left <= TimeSpan.Zero) throw await TimedOutAsync(runId, time, cancellationToken);
                if (left < slice) slice = left;
            }
            if (await watch.WaitAsync(slice, cancellationToken) is { } close) return RunEnd.Of(runId, close);
        }
    }

    private async Task<Exception> TimedOutAsync(string runId, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var row = await ReadAsync(runId, cancellationToken);
        return new TimeoutException($"The run '{runId}' has not ended within {Durations.Format(timeout)}; it is {row.Status}. It goes on.");
    }

    private async Task<RunRecord> ReadAsync(string runId, CancellationToken cancellationToken) =>
        await patience.RepeatAsync(token => parts.Store.ReadRunAsync(new RunSelector(Id: runId), token), cancellationToken) ?? throw new RunNotFoundException(runId);

    private RunBlockedException Blocked(RunRecord row)
    {
        var shown = RunReader.Show(row, parts.Codec);
        return new RunBlockedException(row.Id, shown.BlockedReason ?? "Unknown", shown.BlockedDetail);
    }
}
