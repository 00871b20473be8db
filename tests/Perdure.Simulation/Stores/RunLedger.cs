using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>An event and the moment at which the store took it.</summary>
internal sealed record CommittedEvent(EventRecord Event, long Order, long At, Instant StoreNow, long Worker);

/// <summary>
/// What the tap saw of one run: an account that is kept apart from the store's rows, in the order in which things were really committed.
/// </summary>
internal sealed class RunLedger(RunBirth birth)
{
    public RunBirth Birth { get; } = birth;

    public long Key => Birth.Key;

    public string Id => Birth.Id;

    public List<CommittedEvent> Events { get; } = [];

    public uint Checksum { get; set; }

    /// <summary>The highest term that wrote or claimed.</summary>
    public int Term { get; set; }

    /// <summary>The worker of that term.</summary>
    public long Worker { get; set; }

    /// <summary>Order of the close; 0 while it lives.</summary>
    public long ClosedOrder { get; set; }

    /// <summary>Order of its first close: it may have been reopened since. 0 if there was none.</summary>
    public long FirstClosedOrder { get; set; }

    public RunClose? Close { get; set; }

    /// <summary>How often it was claimed after its worker was lost.</summary>
    public int Takeovers { get; set; }

    /// <summary>Messages in the order in which the store took them.</summary>
    public List<(OutgoingMessage Message, long Order)> Posted { get; } = [];

    /// <summary>The current claim of each task.</summary>
    public Dictionary<int, (long Worker, long Token, int Number)> Tasks { get; } = [];

    /// <summary>Every claim of a task, with the moment from which its body may begin.</summary>
    public List<(int Operation, int Number, long Order)> TaskClaims { get; } = [];
}
