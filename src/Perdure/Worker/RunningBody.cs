using Perdure.Authoring;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>One attempt of a step (or local activity) that was let begin, and what its body may use. Thread safe.</summary>
internal sealed class RunningBody(RunActor run, BodyOperation operation, int attempt, Instant startedAt) : AttemptScope, IThreadPoolWorkItem, ICheckpoints
{
    private CancellationTokenSource? _token;
    private StepInfo? _info;
    private bool _fired;
    private int _ended;

    public RunActor Run { get; } = run;

    public BodyOperation Operation { get; } = operation;

    public int Attempt { get; } = attempt;

    /// <summary>When it was let begin, on the store's clock.</summary>
    public Instant StartedAt { get; } = startedAt;

    /// <summary>Its neighbours among the bodies of its run; see <see cref="BodyList"/>.</summary>
    public RunningBody? Next { get; set; }

    /// <inheritdoc cref="Next"/>
    public RunningBody? Previous { get; set; }

    public override CancellationToken Token => (Volatile.Read(ref _token) ?? MakeToken()).Token;

    public override StepInfo Info => _info ??= new StepInfo(Run.Id, Operation.Name, Attempt, Operation.Number, Operation.StepId, Run.Codec, data: Operation.Data, checkpoints: this);

    /// <summary>Whether the run asked it to stop.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Whether nobody is interested in its outcome any more.</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether it was told to the run that this attempt takes long.</summary>
    public bool IsToldLong { get; set; }

    /// <summary>Begins it; called on the pool when it has its slot.</summary>
    void IThreadPoolWorkItem.Execute() => Run.Bodies.Start(this);

    /// <summary>Runs the code of the attempt and returns its encoded result.</summary>
    /// <param name="services">The scope that was made for it; null when it needs none.</param>
    public ValueTask<ReadOnlyMemory<byte>> ExecuteAsync(IServiceProvider? services)
    {
        Services = services;
        return Operation.ExecuteAsync(this, Run.Codec);
    }

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

    /// <summary>Gives the attempt up, unless it has ended: the body is asked to stop and its outcome is dropped. False: its outcome is on its way to the run.</summary>
    public bool TryAbandon()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0) return false;
        IsAbandoned = true;
        Fire();
        return true;
    }

    /// <summary>Fires the token. User code may be registered on it, so it never runs on the caller's thread.</summary>
    public void Fire()
    {
        Volatile.Write(ref _fired, true);
        // Either the source is seen here, or whoever makes it sees that it is to fire.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _token) is { } source) Run.Scheduler.Post(static source => Cancel((CancellationTokenSource)source!), source);
    }

    /// <summary>Hands the outcome to the run, once: whichever of result and timeout comes first.</summary>
    public void End(BodyOutcome outcome)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) Run.Post(new RunMail(RunMailKind.BodyEnded, this, outcome));
    }

    ReadOnlyMemory<byte> ICheckpoints.Load() => Run.Checkpoints?.Find(Operation.Number, Operation.Name) ?? default;

    async Task ICheckpoints.SaveAsync(ReadOnlyMemory<byte> value)
    {
        // The run's thread must not be held up by the body, which goes on in its own context, or without one on the pool.
        var saved = new TaskCompletionSource(SynchronizationContext.Current is null ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
        if (IsAbandoned || !Run.Post(new RunMail(RunMailKind.Checkpoint, this, new CheckpointWish(value, saved)))) saved.TrySetCanceled(CancellationToken.None);
        await saved.Task;
    }

    private CancellationTokenSource MakeToken()
    {
        var made = new CancellationTokenSource();
        var source = Interlocked.CompareExchange(ref _token, made, null) ?? made;
        if (Volatile.Read(ref _fired)) Cancel(source);
        return source;
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (AggregateException)
        {
            // A callback that user code registered on its token failed; that is no reason to fail the engine.
        }
    }
}
