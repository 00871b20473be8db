using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>
/// A child workflow, open until it has ended. The code may wait for it several times, and a wait may be given up while the child goes on.
/// </summary>
internal abstract class ChildOperation(int number, string workflow, SourceLine source, bool shielded) : Operation(number, OperationKind.Child, workflow, source, shielded)
{
    /// <summary>The child's public id.</summary>
    public string Id { get; set; } = "";

    /// <summary>Ends the waits that are not shielded.</summary>
    public abstract void Interrupt(Exception exception);
}

/// <summary>A child workflow with its typed result.</summary>
internal sealed class ChildOperation<T>(int number, string workflow, SourceLine source, bool shielded) : ChildOperation(number, workflow, source, shielded), IStartedChild<T>
{
    private readonly List<(TaskCompletionSource<T> Task, bool Shielded)> _waits = [];
    private Task<T>? _outcome;

    public string Workflow => Name;

    public override Task Task => _outcome ?? (_waits.Count > 0 ? _waits[0].Task.Task : Task.CompletedTask);

    public override bool IsBehind(Task task) => _waits.Exists(wait => ReferenceEquals(wait.Task.Task, task));

    /// <summary>What became of the child, or a wait for it.</summary>
    public Task<T> Await(bool shielded)
    {
        if (_outcome is not null) return _outcome;
        var wait = new TaskCompletionSource<T>();
        _waits.Add((wait, shielded));
        return wait.Task;
    }

    public override void Complete(in EventRecord outcome, PayloadCodec codec)
    {
        if (outcome.Kind == EventKind.ChildCompleted)
        {
            var value = Payload.Read<T>(codec, outcome, Name);
            _outcome = Task.FromResult(value);
            foreach (var (wait, _) in TakeWaits()) wait.SetResult(value);
        }
        else Fail(FailureExceptions.OfChild(this, outcome));
    }

    public override void Fail(Exception exception)
    {
        // Nobody need ask for it: one that fails unseen is told by the history only.
        _outcome = Task.FromException<T>(exception);
        _ = _outcome.Exception;
        foreach (var (wait, _) in TakeWaits()) wait.SetException(exception);
    }

    public override void Interrupt(Exception exception)
    {
        var waits = TakeWaits();
        _waits.AddRange(waits.FindAll(static wait => wait.Shielded));
        foreach (var (wait, shielded) in waits)
            if (!shielded) wait.SetException(exception);
    }

    private List<(TaskCompletionSource<T> Task, bool Shielded)> TakeWaits()
    {
        // What the code does when a wait ends may begin another.
        List<(TaskCompletionSource<T> Task, bool Shielded)> waits = [.. _waits];
        _waits.Clear();
        return waits;
    }
}
