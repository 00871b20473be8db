namespace Perdure.Storage;

/// <summary>What a worker process says of itself when it starts.</summary>
/// <param name="Id">128 fresh random bits, made before the first try. Never reused, whatever the process or the machine is called.</param>
/// <param name="Name">Host and process for people to read; no identity.</param>
/// <param name="Lanes">How many data lanes it will use (1 or more). Lane 0, the control lane, comes on top.</param>
/// <param name="Lease">How long it counts as alive after each renewal.</param>
public sealed record WorkerRegistration(Guid Id, string Name, int Lanes, TimeSpan Lease)
{
    /// <summary>Names of the activities that it has code for, whatever queues it serves.</summary>
    public IReadOnlyList<string> Activities { get; init; } = [];

    /// <summary>
    /// The workflows that it has code for. It is given no run of another one that somebody else who lives has code for. Null: it does not say, and counts as having all.
    /// </summary>
    public IReadOnlyList<WorkflowCode>? Workflows { get; init; }

    /// <summary>The queues that it serves, each with the number of activities that it runs of it at once; 0 for one of which it takes runs only. Null: it does not say.</summary>
    public IReadOnlyDictionary<string, int>? Queues { get; init; }

    /// <summary>The worker that this process was before it was presumed dead: what operators have ordered of that one holds for this one. 0 for none.</summary>
    public long Before { get; init; }
}

/// <summary>Answer to a registration.</summary>
/// <param name="Worker">The worker's key; it owns runs and tasks under this number. Rises with every registration, never reused.</param>
/// <param name="Now">The store's clock.</param>
public sealed record WorkerGrant(long Worker, Instant Now)
{
    /// <summary>What operators have ordered of it.</summary>
    public WorkerOrders Orders { get; init; }
}

/// <summary>Answer to a renewal.</summary>
/// <param name="Alive">False: the worker was marked dead and must forget all its runs.</param>
/// <param name="Now">The store's clock.</param>
public sealed record LeaseGrant(bool Alive, Instant Now)
{
    /// <summary>What operators have ordered of the worker.</summary>
    public WorkerOrders Orders { get; init; }
}

/// <summary>What <see cref="IPerdureStore.FenceDeadWorkersAsync"/> did.</summary>
/// <param name="WorkersMarked">Workers that were marked dead by this call.</param>
/// <param name="RunsFreed">Runs that lost their dead owner.</param>
/// <param name="TasksFreed">Tasks that lost their dead owner.</param>
public sealed record FenceReport(int WorkersMarked, int RunsFreed, int TasksFreed);

/// <summary>Consecutive run keys.</summary>
/// <param name="First">The first key.</param>
/// <param name="Count">How many.</param>
/// <param name="Now">The store's clock, so that a process without a worker can date what it creates.</param>
public sealed record KeyBlock(long First, int Count, Instant Now);

/// <summary>
/// Names one attempt to write through a lane. The store refuses it unless the lane is alive and <paramref name="Previous"/> was its last committed attempt.
/// </summary>
/// <param name="Worker">The worker's key.</param>
/// <param name="Lane">The lane's number.</param>
/// <param name="Number">Fresh for every attempt, rising.</param>
/// <param name="Previous">Number of the lane's last committed attempt; 0 at first.</param>
public readonly record struct LaneStamp(long Worker, int Lane, long Number, long Previous);
