using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Journal;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// Runs the bodies of steps and local activities on the pool, at most so many at once, each with a scope of services of its own. No body begins while
/// the lease is not trusted. Thread safe.
/// </summary>
internal sealed class BodyRunner(WorkerSession session, IServiceScopeFactory? scopes, TimeProvider clock, PayloadCodec codec, KnownWork known, int limit)
{
    private readonly Lock _gate = new();
    private readonly Queue<RunningBody> _waiting = new();
    private int _waitingCount;
    private int _slotsTaken;
    private bool _stopped;

    /// <summary>Reads and writes payloads.</summary>
    public PayloadCodec Codec => codec;

    /// <summary>Bodies that run or wait for a slot.</summary>
    public int Count => Volatile.Read(ref _slotsTaken) + Volatile.Read(ref _waitingCount);

    public void Begin(RunningBody body)
    {
        if (Volatile.Read(ref _stopped)) return;
        // Those that came before go first.
        if (Volatile.Read(ref _waitingCount) == 0 && TryTakeSlot())
        {
            Launch(body);
            return;
        }
        Wait(body);
        // A slot may have become free between the two.
        Resume();
    }

    /// <summary>Lets waiting bodies begin as far as slots and the lease allow.</summary>
    public void Resume()
    {
        while (Volatile.Read(ref _waitingCount) > 0)
        {
            RunningBody next;
            lock (_gate)
            {
                if (_waiting.Count == 0 || _stopped || !session.IsTrusted || !TryTakeSlot()) return;
                next = _waiting.Dequeue();
                Volatile.Write(ref _waitingCount, _waiting.Count);
            }
            Launch(next);
        }
    }

    /// <summary>No further body begins.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            Volatile.Write(ref _stopped, true);
            _waiting.Clear();
            Volatile.Write(ref _waitingCount, 0);
        }
    }

    private bool TryTakeSlot()
    {
        if (Interlocked.Increment(ref _slotsTaken) <= limit) return true;
        Interlocked.Decrement(ref _slotsTaken);
        return false;
    }

    private void Wait(RunningBody body)
    {
        lock (_gate)
        {
            if (_stopped) return;
            _waiting.Enqueue(body);
            Volatile.Write(ref _waitingCount, _waiting.Count);
        }
        Interlocked.MemoryBarrier();
    }

    private void Launch(RunningBody body)
    {
        known.Enter();
        session.Scheduler.Post(body);
    }

    /// <summary>Begins a body that has its slot, on the pool.</summary>
    public void Start(RunningBody body)
    {
        if (MustNotBegin)
        {
            known.Leave();
            PutBack(body);
            return;
        }
        _ = RunAsync(body);
        known.Leave();
    }

    /// <summary>
    /// Whether no body may begin at this moment: somebody may have judged this worker dead, or it has been asked to stop. Asked as late as can be, because the process may be frozen,
    /// or the machine busy, between the decision and the body.
    /// </summary>
    private bool MustNotBegin => !session.IsTrusted || Volatile.Read(ref _stopped);

    /// <summary>A body that has its slot and does not begin waits for the next renewal; where the worker stops, it is left to whoever takes the run next.</summary>
    private void PutBack(RunningBody body)
    {
        Wait(body);
        Interlocked.Decrement(ref _slotsTaken);
    }

    /// <summary>What a body throws is its outcome; whatever else goes wrong is the engine's.</summary>
    private async Task RunAsync(RunningBody body)
    {
        try
        {
            BodyOutcome? outcome;
            // A body that waited for its slot begins no more once the run has asked it to stop, whether that is durable or not.
            if (body.IsAbandoned || body.IsCancelled || body.Operation.CancelAsked) outcome = BodyOutcomes.Cancelled(body.Attempt);
            else if (LimitOf(body.Operation) is { } limit)
            {
                var begun = clock.GetTimestamp();
                using var timer = clock.CreateTimer(static s => { var (runner, body) = ((BodyRunner, RunningBody))s!; runner.TimeOut(body); }, (this, body), limit, Timeout.InfiniteTimeSpan);
                outcome = await ExecuteAsync(body);
                // In a process that stood still the timer is as late as the result.
                if (outcome is not null && clock.GetElapsedTime(begun) > limit) TimeOut(body);
            }
            else outcome = await ExecuteAsync(body);
            if (outcome is null)
            {
                PutBack(body);
                return;
            }
            // In this order: a worker that stops waits for bodies, and must not miss what the last one has returned.
            body.End(outcome);
            Interlocked.Decrement(ref _slotsTaken);
            Resume();
        }
        catch (Exception e)
        {
            session.Surrender("step", e);
        }
    }

    /// <summary>Runs a body to its end; null if it must not begin.</summary>
    private async ValueTask<BodyOutcome?> ExecuteAsync(RunningBody body)
    {
        var operation = body.Operation;
        try
        {
            ReadOnlyMemory<byte> result;
            if (operation.NeedsServices && scopes is not null)
            {
                await using var scope = scopes.CreateAsyncScope();
                // To make a scope may take its time, the first one of a process most of all.
                if (MustNotBegin) return null;
                result = await body.ExecuteAsync(scope.ServiceProvider);
            }
            else result = await body.ExecuteAsync(services: null);
            return new BodyOutcome
            {
                Verdict = BodyVerdict.Completed, Attempt = body.Attempt, Result = result, Worker = session.Worker,
                StartedAt = operation.Kind == OperationKind.Activity ? body.StartedAt : Instant.Earliest,
            };
        }
        catch (Exception e)
        {
            return BodyOutcomes.Of(e, codec, operation.Retry, body.Attempt, body.IsCancelled, session.Now) with
            {
                Worker = session.Worker, StartedAt = operation.Kind == OperationKind.Activity ? body.StartedAt : Instant.Earliest,
            };
        }
    }

    /// <summary>How long an attempt may take: its own time, or what is left of the time of all.</summary>
    private TimeSpan? LimitOf(BodyOperation operation)
    {
        if (operation.CloseDeadline.IsNever) return operation.Timeout;
        var rest = operation.CloseDeadline - session.Now;
        if (rest < TimeSpan.Zero) rest = TimeSpan.Zero;
        return operation.Timeout is { } own && own < rest ? own : rest;
    }

    private void TimeOut(RunningBody body)
    {
        var operation = body.Operation;
        // The timeout is accepted at once; a body that ignores its token may go on, its result is refused.
        body.End(session.Now >= operation.CloseDeadline
            ? BodyOutcomes.Closed(body.Attempt, $"\"{operation.Name}\" did not finish in the time that all its attempts have together.")
            : BodyOutcomes.TimedOut(body.Attempt, $"\"{operation.Name}\" did not finish within {Durations.Format(operation.Timeout!.Value)}.", final: false));
        body.Fire();
    }
}
