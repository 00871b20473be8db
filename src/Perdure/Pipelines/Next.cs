namespace Perdure.Pipelines;

/// <summary>Where a pipeline goes on after a decision. Immutable.</summary>
public sealed record Next
{
    private Next(string kind, string? target, object? result) => (Kind, Target, Result) = (kind, target, result);

    /// <summary>On to the next step.</summary>
    public static Next Continue { get; } = new("continue", null, null);

    internal string Kind { get; }

    internal string? Target { get; }

    internal object? Result { get; }

    /// <summary>Forward to a step of the same sequence; those between are passed over.</summary>
    /// <param name="step">Its name.</param>
    public static Next Goto(string step)
    {
        ArgumentException.ThrowIfNullOrEmpty(step);
        return new("goto", step, null);
    }

    /// <summary>The end of the pipeline; of the branch, inside a parallel block.</summary>
    /// <param name="result">The result of the run; null for its data.</param>
    public static Next Finish(object? result = null) => new("finish", null, result);
}
