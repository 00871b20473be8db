using System.Runtime.ExceptionServices;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines.Nodes;

/// <summary>Branches of one block in one run: each has a copy of the data, and none knows of the others but by a failure.</summary>
/// <param name="run">The run.</param>
/// <param name="scope">Where the block stands.</param>
/// <param name="onError">What a failure does to the others.</param>
/// <param name="join">Under what whoever looks at the run knows the end of the block; null for a block without one.</param>
internal sealed class ParallelBranches<TInput>(PipelineRun<TInput> run, PipelineScope scope, OnError onError, string? join)
{
    private readonly List<(string Name, PipelineScope Scope)> _branches = [];
    private readonly List<Task> _tasks = [];
    private ExceptionDispatchInfo? _failure;

    /// <summary>How each branch ended, in the order in which they were started.</summary>
    public OrderedDictionary<string, BranchOutcome> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether another branch may begin.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Starts a branch, which runs until it waits for something.</summary>
    public Task Start(string name, NodeSequence<TInput> steps, PipelineItem? item, GraphProgress? progress)
    {
        var own = new RunData(FreeData.Instance, run.Codec, scope.Data.Values);
        var inner = new PipelineScope(own, new PipelineEnd(), new BranchGate(scope.Gate)) { Item = item ?? scope.Item, Progress = progress };
        _branches.Add((name, inner));
        Outcomes[name] = new BranchOutcome(false, own, null);
        if (HasFailed && onError == OnError.FailFast) inner.Gate!.Close(run.Context);
        var task = RunAsync(name, steps, inner);
        _tasks.Add(task);
        return task;
    }

    /// <summary>Waits for all branches.</summary>
    /// <exception cref="Exception">The first failure, unless all were to be completed; a cancellation of the run in any case.</exception>
    public async Task EndAsync()
    {
        await Task.WhenAll(_tasks);
        _failure?.Throw();
    }

    /// <summary>Takes over what the branches changed.</summary>
    /// <exception cref="MergeConflictException">Two changed one key.</exception>
    public void Merge(string block)
    {
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, branch) in _branches)
        {
            foreach (var key in branch.Data.Changed)
                if (!owners.TryAdd(key, name)) throw new MergeConflictException(block, key, owners[key], name);
        }
        foreach (var (_, branch) in _branches) scope.Data.Apply(branch.Data.Delta());
    }

    /// <summary>An outcome as the data of the run keep it.</summary>
    public static JsonElement Tag(BranchOutcome outcome)
    {
        var members = new List<KeyValuePair<string, ReadOnlyMemory<byte>>> { new("status", outcome.IsCompleted ? "\"completed\""u8.ToArray() : "\"failed\""u8.ToArray()) };
        if (outcome.Error is { } error)
        {
            var text = PayloadCodec.Default;
            members.Add(new("error", JsonBytes.Object([new("code", text.Serialize(error.Code)), new("message", text.Serialize(error.Message))])));
        }
        return JsonBytes.Element(JsonBytes.Object(members));
    }

    private async Task RunAsync(string name, NodeSequence<TInput> steps, PipelineScope branch)
    {
        try
        {
            await steps.RunAsync(run, branch);
            Outcomes[name] = new BranchOutcome(true, branch.Data.Snapshot(), null);
            if (join is not null) scope.Progress?.Arrive(join);
        }
        catch (Exception e)
        {
            Outcomes[name] = new BranchOutcome(false, branch.Data.Snapshot(), RunError.Of(Failure.From(e, run.Codec)));
            if (join is not null) scope.Progress?.Arrive(join);
            // A run that is cancelled, or a branch that was stopped from outside, does not go on with what the others return.
            if (onError == OnError.CompleteAll && e is not OperationCanceledException or ActivityWithdrawnException || e is BranchStoppedException && HasFailed) return;
            _failure ??= ExceptionDispatchInfo.Capture(e);
            foreach (var (_, other) in _branches)
                if (other != branch) other.Gate!.Close(run.Context);
        }
    }
}
