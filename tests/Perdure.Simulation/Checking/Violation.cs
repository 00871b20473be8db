namespace Perdure.Simulation;

/// <summary>A promise that was broken.</summary>
/// <param name="Rule">The invariant, for example <c>I-08</c>; <c>simulator</c> for a fault of the harness.</param>
/// <param name="What">What was seen.</param>
internal sealed record Violation(string Rule, string What)
{
    public override string ToString() => $"{Rule}: {What}";
}
