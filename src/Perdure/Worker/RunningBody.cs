using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>One attempt of a step (or local activity) that was let begin. Thread safe.</summary>
internal sealed class RunningBody(RunActor run, BodyOperation operation, int attempt, Instant startedAt)
{
    private readonly CancellationTokenSource _token = new();
    private int _ended;

    public RunActor Run { get; } = run;

    public BodyOperation Operation { get; } = operation;

    public int Attempt { get; } = attempt;

    /// <summary>When it was let begin, on the store's clock.</summary>
    public Instant StartedAt { get; } = startedAt;

    public CancellationToken Token => _token.Token;

    /// <summary>Whether the run asked it to stop.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether nobody is interested in its outcome any more.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether it was told to the run that this attempt takes long.</summary>
    public bool IsToldLong { get; set; }

    /// <summary>Begins it; called on the pool when it has its slot.</summary>
    public void Start() => Run.Bodies.Start(this);

    /// <summary>Asks the body to stop; its outcome is still taken.</summary>
    public void Cancel()
    {
        IsCancelled = true;
        Fire();
    }

    /// <summary>The run has left: the body is asked to stop and its outcome is dropped.</summary>
    public void Abandon()
    {
        IsAbandoned = true;
        Volatile.Write(ref _ended, 1);
        Fire();
    }

    /// <summary>Fires the token. User code may be registered on it, so it never runs on the caller's thread.</summary>
    public void Fire() => Run.Scheduler.Post(static source =>
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

    /// <summary>Hands the outcome to the run, once: whichever of result and timeout comes first.</summary>
    public void End(BodyOutcome outcome)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) Run.Post(new RunMail(RunMailKind.BodyEnded, Operation, outcome));
    }
}
