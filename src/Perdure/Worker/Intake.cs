using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// What a run has taken from outside since its last bundle. The next bundle writes that it was taken; if there will be none, what was handed over in
/// memory goes the way of rows.
/// </summary>
/// <remarks>Not thread safe: the actor's turns fill it, and its lock guards that it is given to one bundle.</remarks>
internal sealed class Intake
{
    private List<long>? _messages;
    private List<DirectSignal>? _signals;
    private List<(RunningTask Task, BodyOutcome Outcome)>? _results;
    private List<CheckpointWish>? _checkpoints;

    /// <summary>Positions of the messages of the inbox.</summary>
    public IReadOnlyList<long> Messages => _messages ?? (IReadOnlyList<long>)[];

    /// <summary>How many of these messages are signals.</summary>
    public int Signals { get; private set; }

    /// <summary>Whether there are signals that never were messages in the inbox.</summary>
    public bool HasSignals => _signals is not null;

    /// <summary>Activities of this process that have ended.</summary>
    public IReadOnlyList<TaskAttempt> EndedTasks => _results is null ? [] : _results.ConvertAll(static ended => ended.Task.Attempt);

    /// <summary>Whether some of them give slots of their queues back once that is durable.</summary>
    public bool FreesSlots { get; private set; }

    public void Take(long message) => (_messages ??= []).Add(message);

    public void Take(InboxMessage message)
    {
        Take(message.Position);
        if (message.Kind == MessageKind.Signal) Signals++;
    }

    public void Take(DirectSignal signal) => (_signals ??= []).Add(signal);

    public void Take(RunningTask task, BodyOutcome outcome)
    {
        (_results ??= []).Add((task, outcome));
        FreesSlots |= task.Task.HoldsSlot;
    }

    public void Take(CheckpointWish checkpoint) => (_checkpoints ??= []).Add(checkpoint);

    /// <summary>All of it is durable.</summary>
    public void Confirm()
    {
        if (_signals is not null)
            foreach (var signal in _signals) signal.Answer.TrySetResult(true);
        if (_checkpoints is not null)
            foreach (var checkpoint in _checkpoints) checkpoint.Saved.TrySetResult();
    }

    /// <summary>None of it became durable here: what was handed over in memory goes the way of rows.</summary>
    public void Return(ActivityPool activities)
    {
        if (_signals is not null)
            foreach (var signal in _signals) signal.Answer.TrySetResult(false);
        if (_checkpoints is not null)
            foreach (var checkpoint in _checkpoints) checkpoint.Saved.TrySetCanceled();
        if (_results is not null)
            foreach (var (task, outcome) in _results) activities.EndByRow(task, outcome);
    }
}
