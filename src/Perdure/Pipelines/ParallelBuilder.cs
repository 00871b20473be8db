using Perdure.Authoring;
using Perdure.Pipelines.Nodes;

namespace Perdure.Pipelines;

/// <summary>Adds the branches of a parallel block. Used while the pipeline is built; not thread-safe.</summary>
/// <typeparam name="TInput">The input's type.</typeparam>
public sealed class ParallelBuilder<TInput>
{
    private readonly PipelineBuilder<TInput> _pipeline;
    private readonly ParallelNode<TInput> _block;

    internal ParallelBuilder(PipelineBuilder<TInput> pipeline, ParallelNode<TInput> block) => (_pipeline, _block) = (pipeline, block);

    /// <summary>Adds a branch.</summary>
    /// <param name="name">Its name, unique in the block.</param>
    /// <param name="body">Adds its steps.</param>
    /// <param name="returns">The key for its outcome; null for <c>parallel.{block}.{branch}</c>.</param>
    /// <exception cref="InvalidOptionException">The name breaks the rule for names or is used twice, or there is no step.</exception>
    public ParallelBuilder<TInput> Branch(string name, Action<PipelineBuilder<TInput>> body, string? returns = null)
    {
        Names.Validate(NameKind.Step, name);
        if (returns is not null) Names.Validate(NameKind.DataKey, returns);
        if (_block.Has(name)) throw new InvalidOptionException(name, $"The parallel block '{_block.Name}' has two branches '{name}'.", ErrorCodes.InvalidRegistration);
        _block.Add(name, returns, _pipeline.Inner(name, body));
        return this;
    }

    /// <summary>What happens when a branch fails (default: the block fails).</summary>
    /// <param name="onError">What happens.</param>
    public ParallelBuilder<TInput> OnError(OnError onError)
    {
        OptionRules.CheckDefined("Parallel.OnError", onError);
        _block.OnError = onError;
        return this;
    }

    /// <summary>Merges what the branches did, instead of the engine.</summary>
    /// <param name="merge">Gets the run's data, to write, and the outcome of each branch by its name. Pure code: it is replayed.</param>
    public ParallelBuilder<TInput> Into(Action<RunData, IReadOnlyDictionary<string, BranchOutcome>> merge)
    {
        ArgumentNullException.ThrowIfNull(merge);
        _block.Into = merge;
        return this;
    }
}
