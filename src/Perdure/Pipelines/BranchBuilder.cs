using Perdure.Pipelines.Nodes;

namespace Perdure.Pipelines;

/// <summary>Adds the clauses of a branch. Used while the pipeline is built; not thread-safe.</summary>
/// <typeparam name="TInput">The input's type.</typeparam>
public sealed class BranchBuilder<TInput>
{
    private readonly PipelineBuilder<TInput> _pipeline;
    private readonly BranchNode<TInput> _branch;

    internal BranchBuilder(PipelineBuilder<TInput> pipeline, BranchNode<TInput> branch) => (_pipeline, _branch) = (pipeline, branch);

    /// <summary>What runs when the value equals a pattern.</summary>
    /// <param name="pattern">Text, a number, a truth value, null, or an enum, which equals its name.</param>
    /// <param name="body">Adds the steps of the clause.</param>
    /// <exception cref="InvalidOptionException">Another clause has this pattern, or there is no step.</exception>
    public BranchBuilder<TInput> When(object? pattern, Action<PipelineBuilder<TInput>> body)
    {
        _branch.When(pattern, _pipeline.Inner(_branch.Name, body));
        return this;
    }

    /// <summary>What runs when no pattern equals the value.</summary>
    /// <param name="body">Adds the steps of the clause.</param>
    /// <exception cref="InvalidOptionException">There is one already, or there is no step.</exception>
    public BranchBuilder<TInput> Otherwise(Action<PipelineBuilder<TInput>> body)
    {
        if (_branch.Otherwise is not null) throw new InvalidOptionException(_branch.Name, $"The branch '{_branch.Name}' has two default clauses.", ErrorCodes.InvalidRegistration);
        _branch.Otherwise = _pipeline.Inner(_branch.Name, body);
        return this;
    }
}
