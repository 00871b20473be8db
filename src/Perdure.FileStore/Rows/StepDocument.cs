namespace Perdure.Files.Rows;

/// <summary>What became of a step or an activity, for people to read; the engine never does.</summary>
internal sealed record StepDocument
{
    public required int Operation { get; init; }

    public required string Name { get; init; }

    /// <summary>The last event: <c>step_completed</c>.</summary>
    public required string Event { get; init; }

    public required int Attempt { get; init; }

    public required Instant At { get; init; }

    /// <summary>Result or failure.</summary>
    public ReadOnlyMemory<byte> Data { get; init; }
}
