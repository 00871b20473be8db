namespace Perdure.Formats;

/// <summary>The engine's own words at the end of a run.</summary>
internal static class EndNotes
{
    /// <summary>Note of a terminal event: the code returned normally although the run was asked to stop.</summary>
    public const string CancelIgnored = "cancel ignored";

    /// <summary>Note of a terminal event: a saga failed and could not undo all that it had done.</summary>
    public const string CompensationFailed = "compensation failed";

    /// <summary>What the note of a terminal event begins with when the code ended without all that its history holds.</summary>
    public const string Determinism = "determinism: ";

    /// <summary>What a cancelled run says when nobody gave a reason.</summary>
    public const string Cancelled = "The run was cancelled.";

    /// <summary>What a terminated run says when nobody gave a reason.</summary>
    public const string Terminated = "The run was terminated.";
}
