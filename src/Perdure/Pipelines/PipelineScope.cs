using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>Where a sequence of nodes runs: the data that it sees, the item of its iteration, its end, and the gate of its branch.</summary>
/// <param name="Data">The run's data, or the branch's own.</param>
/// <param name="End">Told when a decision ends the sequence and those around it.</param>
/// <param name="Gate">Of a branch of a parallel block; null outside.</param>
internal sealed record PipelineScope(RunData Data, PipelineEnd End, BranchGate? Gate)
{
    public PipelineItem? Item { get; init; }

    /// <summary>Told how far the code comes, when it is replayed to be looked at; else null.</summary>
    public GraphProgress? Progress { get; init; }

    /// <inheritdoc cref="WaitAsync{T}"/>
    public async Task WaitAsync(Task operation)
    {
        if (Gate is not null) Gate.Open = operation;
        try
        {
            await operation;
        }
        finally
        {
            if (Gate is not null) Gate.Open = null;
        }
    }

    /// <summary>Waits for something that has no effect of its own, so that it may be given up when another branch fails.</summary>
    public async Task<T> WaitAsync<T>(Task<T> operation)
    {
        if (Gate is null) return await operation;
        Gate.Open = operation;
        try
        {
            return await operation;
        }
        finally
        {
            Gate.Open = null;
        }
    }
}

/// <summary>Whether a decision has ended the pipeline, or the branch that it stands in.</summary>
internal sealed class PipelineEnd
{
    public bool IsReached { get; private set; }

    public JsonElement? Result { get; private set; }

    public void Reach(JsonElement? result) => (IsReached, Result) = (true, result);
}
