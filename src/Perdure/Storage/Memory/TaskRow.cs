namespace Perdure.Storage.Memory;

/// <summary>A queued or running activity. Owner and due instant are changed through <see cref="TaskTable"/>, which indexes them.</summary>
internal sealed class TaskRow(RunRow run, NewTask task)
{
    public RunRow Run { get; } = run;

    /// <summary>The parts that never change.</summary>
    public NewTask Task { get; } = task;

    public (long Run, int Operation) Key => (Run.Key, Task.Operation);

    public long Owner { get; set; }

    /// <summary>The token of the current attempt; rises with every claim.</summary>
    public long Token { get; set; }

    /// <summary>Claims that were given back and do not count as attempts.</summary>
    public int Refunds { get; set; }

    /// <summary>Number of the claim that gave the task to its owner; 0 when it was born claimed.</summary>
    public long Claim { get; set; }

    public Instant DueAt { get; set; } = task.DueAt;

    /// <summary>Whether its owner, if it has one, holds it under a limit of its queue. Changed through <see cref="TaskTable"/>.</summary>
    public bool HoldsSlot { get; set; }

    public int Crashes { get; set; }

    /// <summary>Whether its attempts have lost their workers so often that it may be the cause.</summary>
    public bool IsSuspect => Crashes >= LossBackoff.From;

    public ReadOnlyMemory<byte> Details { get; set; } = task.Details;

    /// <summary>Whether the current attempt was claimed only to be ended as timed out.</summary>
    public bool Expired { get; set; }

    /// <summary>Whether the run asked a running attempt to stop.</summary>
    public bool StopRequested { get; set; }

    /// <summary>Unless taken until then, the task expires.</summary>
    public Instant ExpiresAt { get; } = Instant.Min(task.StartDeadline, task.CloseDeadline);

    public bool IsAttemptOf(long worker, long token) => Owner == worker && Token == token;

    public ClaimedTask ToClaimed() => new()
    {
        Attempt = new TaskAttempt(Run.Key, Task.Operation, Token),
        RunId = Run.Birth.Id,
        Number = Task.AttemptsUsed + (int)(Token - Task.TokensUsed) - Refunds,
        Activity = Task.Activity,
        Queue = Task.Queue,
        Input = Task.Input,
        Options = Task.Options,
        Details = Details,
        CloseDeadline = Task.CloseDeadline,
        Expired = Expired,
        HoldsSlot = HoldsSlot,
        Crashes = Crashes,
    };
}
