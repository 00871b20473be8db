using Perdure.Storage.Memory;

namespace Perdure.Files.Rows;

/// <summary>A hook, for people to read.</summary>
internal sealed record HookDocument
{
    public required string Run { get; init; }

    public required int Operation { get; init; }

    public required string Name { get; init; }

    /// <summary>Where it stands.</summary>
    public required RequestState State { get; init; }

    public required Instant CreatedAt { get; init; }

    /// <summary>When it takes no answers any more, or never.</summary>
    public required Instant ExpiresAt { get; init; }

    /// <summary>How many answers it takes.</summary>
    public required int MaxReceipts { get; init; }

    /// <summary>How many it has got.</summary>
    public required int Receipts { get; init; }

    /// <summary>When it was answered last, or never.</summary>
    public required Instant AnsweredAt { get; init; }

    public static HookDocument Of(string run, RequestRow row) => new()
    {
        Run = run, Operation = row.Request.Operation, Name = row.Request.Name, State = row.State, CreatedAt = row.CreatedAt, ExpiresAt = row.Request.ExpiresAt,
        MaxReceipts = row.Request.MaxAnswers, Receipts = row.Answers.Count, AnsweredAt = row.AnsweredAt,
    };
}
