namespace Perdure;

/// <summary>Why a run does not move, in words. Immutable.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Status">Its status.</param>
/// <param name="Reasons">What it waits for or what stops it, the most important first; never empty.</param>
public sealed record RunExplanation(string RunId, RunStatus Status, IReadOnlyList<RunReason> Reasons)
{
    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, Reasons);
}

/// <summary>One thing that a run waits for, or that stops it.</summary>
/// <param name="Text">A sentence for people.</param>
/// <param name="Command">The command of the tool <c>perdure</c> that would help; null when nobody need do anything.</param>
public sealed record RunReason(string Text, string? Command = null)
{
    /// <inheritdoc/>
    public override string ToString() => Command is null ? Text : $"{Text} → {Command}";
}
