using Perdure.Storage;

namespace Perdure.Worker;

/// <content>What the rules of queues ask of a run: to wait for a claim, to leave when it only waits, to end when nobody took it in time.</content>
internal sealed partial class RunActor
{
    /// <summary>Whether the run takes a slot of its queue for as long as it is here.</summary>
    private readonly bool _holdsSlot;

    /// <summary>Whether it only waits for a time or for somebody, and all of that is written.</summary>
    public bool IsResting
    {
        get
        {
            lock (_gate)
                return _machine is { HasBodies: false } && _storedStatus == RunStatus.Suspended && !_busy && !_gone && _inFlight is null && _mail is null or { Count: 0 } && !HasMoreToWrite;
        }
    }

    /// <summary>Whether others wait for what the run holds, or for the run itself because this worker is paused, so that it leaves as soon as it only waits.</summary>
    private bool IsMissedElsewhere => _holdsSlot || _session.IsPaused || _session.Slots is { } slots && slots.Has(this);

    /// <summary>What is in memory is of no use any more: the run leaves, and is loaded again. Meanwhile it counts as being here.</summary>
    private void LeaveToReload(Blocking? verdict)
    {
        var slot = _session.Slots?.Detach(this);
        Leave();
        _session.Reload(Key, _term, verdict, slot);
    }

    /// <summary>
    /// Nobody took the run in time, or it was ordered to stop before anybody did: it was taken past all limits of its queue, only to be ended, and none of its code runs.
    /// </summary>
    private void EndUntaken(Runtime.RunMachine machine, RunRecord row, IReadOnlyList<InboxMessage> messages)
    {
        machine.RememberMessages();
        TakeSignals(machine, messages);
        var isCancelled = machine.EndIfCancelled();
        if (FindLast(messages, MessageKind.Cancel) is { } cancel) TakeMessage(machine, cancel);
        else if (!isCancelled) machine.Expire(row.Queue, row.StartDeadline);
    }

    /// <summary>
    /// The store refused to give this worker at once what only a claim may give. Activities go to their queues, and the same bundle is sent again; a birth is left to its
    /// starter, who sends it by rows.
    /// </summary>
    private bool TryQueue()
    {
        lock (_gate)
        {
            if (_gone || _inFlight is not { } flight) return true;
            if (flight.Bundle.Birth is { } birth)
            {
                _session.HeldQueues.Note(birth.Queue);
                return false;
            }
            foreach (var task in flight.Tasks)
            {
                _session.HeldQueues.Note(task.Task.Queue);
                _session.Activities.Cancel(task);
            }
            flight.Tasks.Clear();
            var tasks = (List<NewTask>)flight.Bundle.NewTasks;
            for (var i = 0; i < tasks.Count; i++) tasks[i] = tasks[i] with { Claimed = false };
            _sendsAgain = true;
            _enqueued = true;
            _session.Lane.Enqueue(this);
            return true;
        }
    }
}
