using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>What can happen to a resident run, apart from the fate of its bundle.</summary>
internal enum RunMailKind
{
    /// <summary>Load the history and begin.</summary>
    Load,
    /// <summary>An attempt of a body ended; subject is the <see cref="RunningBody"/>, detail the outcome.</summary>
    BodyEnded,
    /// <summary>A body has been running for long; subject is the <see cref="RunningBody"/>.</summary>
    BodyRunsLong,
    /// <summary>A body saves how far it has come; subject is the <see cref="RunningBody"/>, detail the <see cref="CheckpointWish"/>.</summary>
    Checkpoint,
    /// <summary>An activity that this process ran ended; subject is the <see cref="RunningTask"/>, detail the outcome.</summary>
    TaskEnded,
    /// <summary>A queued task was removed on request; number is its operation.</summary>
    TaskCancelled,
    /// <summary>The time of a request was up before anybody answered; number is its operation.</summary>
    RequestExpired,
    /// <summary>A signal from this process; subject is the <see cref="DirectSignal"/>.</summary>
    Signal,
    /// <summary>The inbox was read; subject is the <see cref="Inbox"/>.</summary>
    Inbox,
    /// <summary>The instant has come at which the run is due.</summary>
    Due,
    /// <summary>Something that is not durable was awaited.</summary>
    Foreign,
    /// <summary>Nothing happened for a while: the run may be given back.</summary>
    Idle,
}

/// <summary>One thing that happened to a resident run.</summary>
internal readonly record struct RunMail(RunMailKind Kind, object? Subject = null, object? Detail = null, int Number = 0);

/// <summary>A checkpoint that a body saves.</summary>
/// <param name="Value">What is saved, JSON; empty deletes.</param>
/// <param name="Saved">Completed when that is durable, cancelled when it is not and never will be known to be.</param>
internal sealed record CheckpointWish(ReadOnlyMemory<byte> Value, TaskCompletionSource Saved);

/// <summary>A signal that was handed over in memory. It is answered once it is durable.</summary>
/// <param name="Message">The message as it would be posted.</param>
/// <param name="Answer">Completed with true when its event is durable, with false when it must be posted as a row.</param>
internal sealed record DirectSignal(OutgoingMessage Message, TaskCompletionSource<bool> Answer);
