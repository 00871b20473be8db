using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>One thing that a client wants, and what it was told.</summary>
internal abstract class ClientOp
{
    /// <summary>Not before this instant.</summary>
    public long At { get; init; }

    /// <summary>Which run, by the name under which the workload knows it.</summary>
    public required string Run { get; init; }

    /// <summary>Whether it goes through a worker process (as the application's own code would) or through the store.</summary>
    public bool InProcess { get; init; }

    /// <summary>Not before a body for which this holds has ended, or until <see cref="PatienceMs"/> is over; null for no such wish.</summary>
    public Func<Effect, bool>? Behind { get; init; }

    /// <summary>How long a client waits for what it wants to be behind.</summary>
    public int PatienceMs { get; init; } = 10_000;

    public long InvokeOrder { get; set; }

    /// <summary>When it was answered; 0: not yet.</summary>
    public long AckOrder { get; set; }

    public bool IsAcked => AckOrder > 0;
}

/// <summary>A start.</summary>
internal sealed class StartOp : ClientOp
{
    public required Act Program { get; init; }

    /// <summary>The schedule that the run keeps; null for an ordinary run. See <see cref="ScheduleWork"/>.</summary>
    public ScheduleDefinition? Keeps { get; init; }

    /// <summary>Whether its program is for the pipeline. See <see cref="PipelineWork"/>.</summary>
    public bool IsPipeline { get; init; }

    public string? StartKey { get; init; }

    /// <summary>How long its start key is its own; 0: as long as it exists.</summary>
    public int KeyTtlMs { get; init; }

    public string? ChosenId { get; init; }

    public int DelayMs { get; init; }

    public int RunTimeoutMs { get; init; }

    /// <summary>Attempts of the workflow.</summary>
    public int Attempts { get; init; } = 1;

    public int MaxCrashes { get; init; } = 50;

    /// <summary>Version of its workflow: it needs a worker that has it.</summary>
    public int Version { get; init; } = 1;

    /// <summary>The build that it is pinned to; null for none.</summary>
    public string? Build { get; init; }

    /// <summary>What limits of its queue count it under.</summary>
    public string? ConcurrencyKey { get; init; }

    /// <summary>Until how long after its due time a worker must have taken it; 0 for no such limit.</summary>
    public int StartWithinMs { get; init; }

    /// <summary>A signal that it brings along; null for a plain start.</summary>
    public string? Signal { get; init; }

    /// <summary>That signal, from its first try on.</summary>
    public OutgoingMessage? Message { get; set; }

    public RunBirth? Birth { get; set; }

    public BirthOutcome Outcome { get; set; }

    /// <summary>Id of the run that the client was told of, or its own.</summary>
    public string RunId => Outcome.Id ?? Birth!.Id;
}

/// <summary>Several starts in one transaction. What each was told is written down as if it had been made alone.</summary>
internal sealed class StartManyOp : ClientOp
{
    public required IReadOnlyList<StartOp> Starts { get; init; }
}

/// <summary>An operator's retry: waits for a run to end without a result, and reopens it. Does nothing if it completes, or not while the operator is patient.</summary>
internal sealed class RetryOp : ClientOp
{
    public OutgoingMessage? Message { get; set; }

    public PostOutcome Outcome { get; set; }
}

/// <summary>An answer to a request: waits for one to be open, whichever when no name is given. Does nothing if there is none while the client is patient.</summary>
internal sealed class AnswerOp : ClientOp
{
    /// <summary>Name of the request; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>How long whoever answers thinks about it; somebody else may be faster.</summary>
    public int ThinksMs { get; init; }

    /// <summary>Whether it is for whichever run has such a request; else for the one that was started.</summary>
    public bool OfAnyRun { get; init; }

    public RequestAnswer? Answer { get; set; }

    /// <summary>SHA-256 of the token that the client was given; empty for a question.</summary>
    public ReadOnlyMemory<byte> TokenHash { get; set; }

    /// <summary>What it said.</summary>
    public string Said { get; set; } = "";

    public AnswerOutcome Outcome { get; set; }
}

/// <summary>Ends a wait: looks for one that the run has, whichever when no name is given. Does nothing if there is none while the client is patient.</summary>
internal sealed class EndWaitOp : ClientOp
{
    /// <summary>Name of the wait; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>Sequence of the event that began the wait.</summary>
    public int Wait { get; set; }

    public OutgoingMessage? Message { get; set; }

    public PostOutcome Outcome { get; set; }
}

/// <summary>Follows the events of a run until it ends or the client has no more patience; goes on behind the last one when the store fails.</summary>
internal sealed class WatchOp : ClientOp
{
    /// <summary>What it was given.</summary>
    public List<EventRecord> Given { get; } = [];

    public bool ReachedTheEnd { get; set; }
}

/// <summary>A message: signal, cancel, terminate, resume.</summary>
internal sealed class PostOp : ClientOp
{
    public required MessageKind Kind { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Of an order to pause: whether steps that run are interrupted.</summary>
    public bool Interrupt { get; init; }

    /// <summary>Of a request to cancel: how long cleanup may take before the run is terminated; 0 for as long as it takes.</summary>
    public int GraceMs { get; init; }

    /// <summary>What is asked of a schedule; null for a signal of a run.</summary>
    public ScheduleCommand? Command { get; init; }

    public OutgoingMessage? Message { get; set; }

    public PostOutcome Outcome { get; set; }
}

/// <summary>
/// An operator purges the queue: cancels all runs that wait on it and that nobody has begun, and withdraws the activities that wait on it. What each run was told is written down as if it had been told alone.
/// </summary>
internal sealed class PurgeOp : ClientOp;

/// <summary>An operator pauses the worker that stands at a place among those that are alive, or resumes all.</summary>
internal sealed class WorkerOp : ClientOp
{
    /// <summary>Place of the worker that is paused; null to resume all.</summary>
    public int? Pauses { get; init; }
}

/// <summary>An operator's change of a queue.</summary>
internal sealed class QueueOp : ClientOp
{
    public required QueueChange Change { get; init; }
}
