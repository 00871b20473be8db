using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>How an attempt ended. Values are stored.</summary>
internal enum BodyVerdict
{
    Completed = 0,
    Failed = 1,
    /// <summary>One of its clocks ran out.</summary>
    TimedOut = 2,
    /// <summary>It stopped because it was asked to.</summary>
    Cancelled = 3,
    /// <summary>It began and nobody knows how it ended.</summary>
    Unknown = 4,
}

/// <summary>The outcome of one attempt of a step or activity.</summary>
internal sealed record BodyOutcome
{
    public required BodyVerdict Verdict { get; init; }

    /// <summary>Number of the attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Result, JSON, when completed.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>The failure otherwise.</summary>
    public Failure? Failure { get; init; }

    /// <summary>Whether trying again is pointless, whatever the policy says.</summary>
    public bool Final { get; init; }

    /// <summary>The instant that the failure asked the next attempt to wait for; overrides the policy. Never: it asked for nothing.</summary>
    public Instant RetryAt { get; init; } = Instant.Never;

    /// <summary>Last heartbeat details, JSON.</summary>
    public ReadOnlyMemory<byte> Details { get; init; }

    /// <summary>When the attempt really began, on the store's clock.</summary>
    public Instant StartedAt { get; init; } = Instant.Earliest;

    /// <summary>Why somebody outside took it off its queue, JSON; empty if nobody did.</summary>
    public ReadOnlyMemory<byte> Withdrawal { get; init; }

    /// <summary>Key of the worker that ran it.</summary>
    public long Worker { get; init; }
}
