using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>A queued or running activity.</summary>
internal sealed record TaskDocument
{
    /// <summary>The parts that never change.</summary>
    public required NewTask Task { get; init; }

    public long Owner { get; init; }

    public long Token { get; init; }

    public int Refunds { get; init; }

    public long Claim { get; init; }

    public Instant DueAt { get; init; }

    /// <summary>Whether its owner holds it under a limit of its queue.</summary>
    public bool HoldsSlot { get; init; }

    public int Crashes { get; init; }

    public ReadOnlyMemory<byte> Details { get; init; }

    public bool Expired { get; init; }

    public bool StopRequested { get; init; }

    public static TaskDocument Of(TaskRow row) => new()
    {
        Task = row.Task, Owner = row.Owner, Token = row.Token, Refunds = row.Refunds, Claim = row.Claim, DueAt = row.DueAt, Crashes = row.Crashes,
        Details = row.Details, Expired = row.Expired, StopRequested = row.StopRequested, HoldsSlot = row.HoldsSlot,
    };

    public TaskRow ToRow(RunRow run) => new(run, Task)
    {
        Owner = Owner, Token = Token, Refunds = Refunds, Claim = Claim, DueAt = DueAt, Crashes = Crashes, Details = Details, Expired = Expired, StopRequested = StopRequested, HoldsSlot = HoldsSlot,
    };
}
