using Perdure.Authoring;

namespace Perdure.Runtime;

/// <summary>How a run's code ended.</summary>
/// <param name="Status">The terminal status that follows.</param>
/// <param name="Result">Result, JSON.</param>
/// <param name="Failure">The failure, if there is one.</param>
/// <param name="CancelIgnored">It returned normally although it was asked to stop.</param>
internal sealed record RunEnding(RunStatus Status, ReadOnlyMemory<byte> Result, Failure? Failure, bool CancelIgnored)
{
    /// <summary>What a cancelled run says when nobody gave a reason.</summary>
    public const string Cancelled = "The run was cancelled.";

    /// <summary>What a terminated run says when nobody gave a reason.</summary>
    public const string Terminated = "The run was terminated.";
}
