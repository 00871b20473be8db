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

/// <summary>An operation that runs code outside of the workflow, in attempts: an inline step, or an activity.</summary>
internal abstract class BodyOperation(int number, OperationKind kind, string name, SourceLine source, bool shielded, RetryPolicy retry)
    : Operation(number, kind, name, source, shielded)
{
    public RetryPolicy Retry { get; } = retry;

    /// <summary>Whether its attempts run as bodies in this process; else it is queued.</summary>
    public virtual bool IsLocal => true;

    /// <summary>Of an undo: the operation that it undoes, as in <see cref="Storage.EventRecord.Undoes"/>.</summary>
    public int? Undoes { get; init; }

    /// <summary>The run's data when it was issued; null for none.</summary>
    public RunDataView? Data { get; set; }

    /// <summary>Where it stands when it is local.</summary>
    public BodyStage Stage { get; set; }

    /// <summary>The last attempt number that is used up.</summary>
    public int LastAttempt { get; set; }

    /// <summary>Failed attempts that count against the policy.</summary>
    public int Failures { get; set; }

    /// <summary>How often the run had lost its worker when <see cref="LastAttempt"/> was known.</summary>
    public int KnownLosses { get; set; }

    /// <summary>How often the run had lost its worker at the last durable turn before it was issued.</summary>
    public int IssuedLosses { get; private set; }

    /// <summary>Number of the attempt that runs now.</summary>
    public int CurrentAttempt { get; set; }

    /// <summary>Whether an event in the history says that the current attempt has begun.</summary>
    public bool StartRecorded { get; set; }

    /// <summary>Whether it was asked to stop, by the workflow's code or by a cancellation of the run.</summary>
    public bool CancelAsked { get; set; }

    /// <summary>Why the next attempt waits as long as it does; null for what the policy says. Known only until it is written.</summary>
    public string? RetryStrategy { get; set; }

    public virtual TimeSpan? Timeout => null;

    /// <summary>When its last attempt must have ended, or never.</summary>
    public virtual Instant CloseDeadline => Instant.Never;

    public virtual bool AtMostOnce => false;

    public virtual bool Deferred => false;

    /// <summary>The caller's own id of the operation, part of the idempotency key; null for none.</summary>
    public virtual string? StepId => null;

    /// <summary>Whether an attempt needs a scope of services.</summary>
    public abstract bool NeedsServices { get; }

    /// <summary>Where its attempts are counted from.</summary>
    /// <param name="lastAttempt">The last number that earlier attempts of the workflow used for it.</param>
    /// <param name="losses">How often the run had lost its worker when it was issued.</param>
    public void CountFrom(int lastAttempt, int losses)
    {
        LastAttempt = lastAttempt;
        KnownLosses = IssuedLosses = losses;
    }

    /// <summary>Runs one attempt and returns its encoded result.</summary>
    public abstract ValueTask<ReadOnlyMemory<byte>> ExecuteAsync(AttemptScope scope, PayloadCodec codec);
}
