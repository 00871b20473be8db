using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>Where the attempts of a step or of a local activity stand.</summary>
internal enum BodyStage
{
    /// <summary>Wants to run.</summary>
    Ready,
    /// <summary>Its body was asked for and has no outcome yet.</summary>
    Running,
    /// <summary>Waits for the instant of its next attempt.</summary>
    RetryWait,
    /// <summary>Done.</summary>
    Done,
}

/// <summary>An operation whose attempts run as bodies in this process: an inline step, or an activity that is forced to run locally.</summary>
internal abstract class BodyOperation(int number, OperationKind kind, string name, SourceLine source, bool shielded, RetryPolicy retry)
    : Operation(number, kind, name, source, shielded)
{
    public RetryPolicy Retry { get; } = retry;

    public BodyStage Stage { get; set; }

    /// <summary>The last attempt number that is used up.</summary>
    public int LastAttempt { get; set; }

    /// <summary>Failed attempts that count against the policy.</summary>
    public int Failures { get; set; }

    /// <summary>How often the run had lost its worker when <see cref="LastAttempt"/> was known.</summary>
    public int KnownLosses { get; set; }

    /// <summary>How often the run had lost its worker at the last durable turn before it was issued.</summary>
    public int IssuedLosses { get; set; }

    /// <summary>Number of the attempt that runs now.</summary>
    public int CurrentAttempt { get; set; }

    /// <summary>Whether a StepStarted event of the current attempt is in the history.</summary>
    public bool StartRecorded { get; set; }

    /// <summary>Whether a cancellation asked the running body to stop.</summary>
    public bool CancelAsked { get; set; }

    public virtual TimeSpan? Timeout => null;

    public virtual bool AtMostOnce => false;

    public virtual bool Deferred => false;

    /// <summary>The caller's own id of the operation, part of the idempotency key; null for none.</summary>
    public virtual string? StepId => null;

    /// <summary>Whether an attempt needs a scope of services.</summary>
    public abstract bool NeedsServices { get; }

    /// <summary>Runs one attempt and returns its encoded result.</summary>
    public abstract Task<ReadOnlyMemory<byte>> ExecuteAsync(AttemptScope scope, PayloadCodec codec);
}

/// <summary>An inline step.</summary>
internal sealed class StepOperation<TResult>(int number, string name, StepBody<TResult> body, StepOptions? options, RetryPolicy retry, SourceLine source, bool shielded)
    : BodyOperation(number, OperationKind.Step, name, source, shielded, retry)
{
    private readonly TaskCompletionSource<TResult> _completion = new();

    public override Task Task => _completion.Task;

    public Task<TResult> Result => _completion.Task;

    public override TimeSpan? Timeout => StepOptions.TimeoutOf(options);

    public override bool AtMostOnce => options?.Mode == StepMode.AtMostOnce;

    public override bool Deferred => options?.Durability == StepDurability.Deferred;

    public override string? StepId => options?.Id;

    public override bool NeedsServices => body.NeedsServices;

    public override async Task<ReadOnlyMemory<byte>> ExecuteAsync(AttemptScope scope, PayloadCodec codec) =>
        codec.Serialize(await body.InvokeAsync(scope));

    public override void CompleteFromRecord(PayloadCodec codec) => _completion.SetResult(Payload.Read<TResult>(codec, Outcome, Name));

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
