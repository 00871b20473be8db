using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>Lets a branch of a parallel block go on as long as no other has failed.</summary>
internal sealed class BranchGate
{
    private readonly List<BranchGate> _inner = [];
    private bool _isClosed;

    public BranchGate(BranchGate? outer) => outer?._inner.Add(this);

    /// <summary>The wait that the branch is in, if it is in one.</summary>
    public Task? Open { get; set; }

    /// <exception cref="BranchStoppedException">Another branch has failed.</exception>
    public void Pass()
    {
        if (_isClosed) throw new BranchStoppedException();
    }

    /// <summary>No further step of the branch begins, and its wait ends; a step that runs is let finish.</summary>
    public void Close(WorkflowContext context)
    {
        _isClosed = true;
        if (Open is { IsCompleted: false } waiting) context.Cancel(waiting, default);
        foreach (var inner in _inner) inner.Close(context);
    }
}

/// <summary>A branch goes on no further because another has failed.</summary>
internal sealed class BranchStoppedException() : OperationCanceledException("Another branch has failed.");
