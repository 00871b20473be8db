using Perdure.Journal;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>One attempt of a queued activity in this process. Thread safe.</summary>
internal sealed class RunningTask(ClaimedTask task, TaskOptions options, IEngineScheduler scheduler)
{
    private readonly CancellationTokenSource _token = new();
    private readonly Lock _gate = new();
    private ReadOnlyMemory<byte> _details = task.Details;
    private long _beatAt;
    private bool _unwritten;
    private bool _begun;
    private int _ended;

    public ClaimedTask Task { get; } = task;

    public TaskOptions Options { get; } = options;

    public TaskAttempt Attempt => Task.Attempt;

    public CancellationToken Token => _token.Token;

    /// <summary>When its body began, on the store's clock.</summary>
    public Instant StartedAt { get; private set; }

    /// <summary>Whether its claim is durable and its clocks run.</summary>
    public bool IsBegun
    {
        get
        {
            lock (_gate) return _begun;
        }
    }

    /// <summary>It was asked to stop; its outcome is still taken.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Nobody takes its outcome any more.</summary>
    public bool IsAbandoned { get; private set; }

    public bool IsEnded => Volatile.Read(ref _ended) != 0;

    /// <summary>The last details that the body reported.</summary>
    public ReadOnlyMemory<byte> Details
    {
        get
        {
            lock (_gate) return _details;
        }
    }

    public void Cancel()
    {
        IsCancelled = true;
        Fire();
    }

    public void Abandon()
    {
        IsAbandoned = true;
        Volatile.Write(ref _ended, 1);
        Fire();
    }

    /// <summary>Fires the token. User code may be registered on it, so it never runs on the caller's thread.</summary>
    public void Fire() => scheduler.Post(static source =>
    {
        try
        {
            ((CancellationTokenSource)source!).Cancel();
        }
        catch (AggregateException)
        {
            // A callback that user code registered on its token failed; that is no reason to fail the engine.
        }
    }, _token);

    /// <summary>True for the first of result and timeout.</summary>
    public bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

    public void Begin(Instant at, long timestamp)
    {
        lock (_gate)
        {
            StartedAt = at;
            _beatAt = timestamp;
            _begun = true;
        }
    }

    /// <summary>Its body does not begin, or not yet, so its clocks do not run.</summary>
    public void Hold()
    {
        lock (_gate) _begun = false;
    }

    /// <summary>The body says that it is alive.</summary>
    public void Beat(ReadOnlyMemory<byte> details, long timestamp)
    {
        lock (_gate)
        {
            _beatAt = timestamp;
            if (details.IsEmpty) return;
            _details = details;
            _unwritten = true;
        }
    }

    /// <summary>When it last said so.</summary>
    public long BeatAt
    {
        get
        {
            lock (_gate) return _beatAt;
        }
    }

    /// <summary>The details that are not stored yet, if there are any; they count as stored from now on.</summary>
    public bool TakeUnwritten(out ReadOnlyMemory<byte> details)
    {
        lock (_gate)
        {
            details = _details;
            var unwritten = _unwritten;
            _unwritten = false;
            return unwritten;
        }
    }
}
