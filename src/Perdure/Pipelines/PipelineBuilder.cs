using System.Collections;
using System.Runtime.CompilerServices;
using Perdure.Authoring;
using Perdure.Pipelines.Nodes;

namespace Perdure.Pipelines;

/// <summary>
/// Adds the steps of a pipeline, or of a part of one, in order, and sets its options. Names are unique in the whole pipeline and are compared on replay. Used while the pipeline is
/// built; not thread-safe.
/// </summary>
/// <typeparam name="TInput">The input's type.</typeparam>
public sealed partial class PipelineBuilder<TInput>
{
    private readonly PipelinePlan<TInput> _plan;
    private readonly NodeSequence<TInput> _sequence;

    internal PipelineBuilder(PipelinePlan<TInput> plan) : this(plan, plan.Body)
    {
    }

    private PipelineBuilder(PipelinePlan<TInput> plan, NodeSequence<TInput> sequence) => (_plan, _sequence) = (plan, sequence);

    /// <summary>A step that is written as workflow code: it may ask its context for steps, waits and children, and its changes of data apply at once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="body">Workflow code; the rules for workflows hold.</param>
    public PipelineBuilder<TInput> Flow(string name, Func<PipelineContext<TInput>, WorkflowContext, Task> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Add(new FlowNode<TInput>(Taken(name), body));
    }

    /// <summary>Runs the clause whose pattern equals a value; the default clause, or nothing, when none does.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="select">Gives the value: text, a number, a truth value, null or an enum. What it throws fails the run.</param>
    /// <param name="clauses">Adds the clauses.</param>
    /// <exception cref="InvalidOptionException">There is no clause, or two have one pattern.</exception>
    public PipelineBuilder<TInput> Branch(string name, Func<PipelineContext<TInput>, object?> select, Action<BranchBuilder<TInput>> clauses)
    {
        ArgumentNullException.ThrowIfNull(select);
        ArgumentNullException.ThrowIfNull(clauses);
        var branch = new BranchNode<TInput>(Taken(name), select);
        clauses(new BranchBuilder<TInput>(this, branch));
        if (branch.IsEmpty) throw Empty(name, "clause");
        return Add(branch);
    }

    /// <summary>Decides where the pipeline goes on: forward to a step of the same sequence, to the next one, or to the end. The decision is recorded.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="decide">Gives the way.</param>
    /// <param name="file">Filled by the compiler.</param>
    /// <param name="line">Filled by the compiler.</param>
    public PipelineBuilder<TInput> Decide(string name, Func<PipelineContext<TInput>, Next> decide, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        ArgumentNullException.ThrowIfNull(decide);
        return Add(new DecideNode<TInput>(Taken(name), decide, new SourceLine(file, line)));
    }

    /// <summary>
    /// Runs branches side by side. Each sees the data as it was at the beginning of the block, and its own changes. At the end the changes are merged, and the outcome of each branch is put under
    /// <c>parallel.{block}.{branch}</c>; unless <see cref="ParallelBuilder{TInput}.Into"/> does it otherwise.
    /// </summary>
    /// <param name="name">The block's name.</param>
    /// <param name="branches">Adds the branches.</param>
    /// <exception cref="InvalidOptionException">There is no branch, or two have one name.</exception>
    public PipelineBuilder<TInput> Parallel(string name, Action<ParallelBuilder<TInput>> branches)
    {
        ArgumentNullException.ThrowIfNull(branches);
        var block = new ParallelNode<TInput>(Taken(name));
        branches(new ParallelBuilder<TInput>(this, block));
        if (block.Count == 0) throw Empty(name, "branch");
        return Add(block);
    }

    /// <summary>Runs steps for each item of a list. One at a time they share the data; several at a time each works on a copy, and the changes are merged at the end.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="items">Gives the list, once. It must be the same on every replay, so take it from input or data.</param>
    /// <param name="body">Adds the steps; <see cref="PipelineContext{TInput}.Item{T}"/> and <see cref="PipelineContext{TInput}.Index"/> tell the iteration.</param>
    /// <param name="maxParallel">How many items at a time (default 1).</param>
    /// <exception cref="InvalidOptionException"><paramref name="maxParallel"/> is less than 1, or there is no step.</exception>
    public PipelineBuilder<TInput> ForEach(
        string name, Func<PipelineContext<TInput>, IEnumerable> items, Action<PipelineBuilder<TInput>> body, int maxParallel = PerdureDefaults.PipelineForEachParallelism)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (maxParallel < 1) throw new InvalidOptionException(nameof(maxParallel), $"At least 1 item must run at a time, not {maxParallel}.");
        return Add(new ForEachNode<TInput>(Taken(name), items, Inner(name, body), maxParallel));
    }

    /// <summary>Runs steps as long as a condition holds.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="goesOn">The condition, asked before each iteration.</param>
    /// <param name="body">Adds the steps.</param>
    /// <param name="maxIterations">After so many iterations the run fails (default 10,000).</param>
    /// <exception cref="InvalidOptionException"><paramref name="maxIterations"/> is less than 1, or there is no step.</exception>
    public PipelineBuilder<TInput> Loop(
        string name, Func<PipelineContext<TInput>, bool> goesOn, Action<PipelineBuilder<TInput>> body, int maxIterations = PerdureDefaults.LoopIterations)
    {
        ArgumentNullException.ThrowIfNull(goesOn);
        if (maxIterations < 1) throw new InvalidOptionException(nameof(maxIterations), $"A loop has at least 1 iteration, not {maxIterations}.");
        return Add(new LoopNode<TInput>(Taken(name), goesOn, Inner(name, body), maxIterations));
    }

    /// <summary>Builds a part of the pipeline.</summary>
    internal NodeSequence<TInput> Inner(string name, Action<PipelineBuilder<TInput>> body)
    {
        ArgumentNullException.ThrowIfNull(body);
        var sequence = new NodeSequence<TInput>();
        body(new PipelineBuilder<TInput>(_plan, sequence));
        return sequence.IsEmpty ? throw Empty(name, "step") : sequence;
    }

    private static InvalidOptionException Empty(string name, string what) => new(name, $"'{name}' has no {what}.", ErrorCodes.InvalidRegistration);

    private PipelineBuilder<TInput> Add(PipelineNode<TInput> node)
    {
        _sequence.Add(node);
        return this;
    }

    private string Taken(string name)
    {
        _plan.Take(name);
        return name;
    }
}
