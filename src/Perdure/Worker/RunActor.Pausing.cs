using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>
/// Standing still on an operator's order. From the order on no body begins, no timer fires and no message is taken; when the bodies that run have ended, the run is
/// given back as Paused; an order that interrupts gives up the attempts of those that run. Its messages wait in the inbox. An order to resume, cancel or end lets it go on, and so does the end of its time.
/// </content>
internal sealed partial class RunActor
{
    /// <summary>Position of the order under which the run is about to stand still; 0 for none.</summary>
    private long _pausedBy;

    /// <summary>What that order says.</summary>
    private ReadOnlyMemory<byte> _pauseOrder;

    /// <summary>Whether steps that run, or still begin, are interrupted. Read also where bodies begin.</summary>
    private volatile bool _interrupts;

    /// <summary>Takes what came by rows, in order. What came behind an order to stand still is left where it is.</summary>
    private void TakeMessages(RunMachine machine, IReadOnlyList<InboxMessage> messages)
    {
        var lifted = LastLift(messages);
        var from = _seen;
        if (_pausedBy > 0)
        {
            if (lifted <= _pausedBy)
            {
                HeedInterrupts(messages);
                return;
            }
            from = _pausedBy;
            LiftPause(machine);
        }
        foreach (var message in messages)
        {
            if (message.Position <= from) continue;
            if (message.Kind == MessageKind.Pause && message.Position > lifted && machine.Ending is null)
            {
                Taken.Take(message.Position);
                (_pausedBy, _pauseOrder) = (message.Position, message.Payload);
                HeedInterrupts(messages);
                machine.Pause();
                return;
            }
            TakeMessage(machine, message);
        }
    }

    /// <summary>The order itself may say that it does not wait, and so may one behind it: whoever was content to wait need not be so any longer.</summary>
    private void HeedInterrupts(IReadOnlyList<InboxMessage> messages)
    {
        foreach (var message in messages)
            if (message.Kind == MessageKind.Pause && message.Position >= _pausedBy) _interrupts |= RunJson.ReadPause(message.Payload).Interrupt;
    }

    /// <summary>Position of the last message that lets a run go on which stands still; 0 for none.</summary>
    private static long LastLift(IReadOnlyList<InboxMessage> messages)
    {
        for (var i = messages.Count - 1; i >= 0; i--)
            if (messages[i].Kind is MessageKind.Resume or MessageKind.Cancel or MessageKind.Terminate) return messages[i].Position;
        return 0;
    }

    /// <summary>Whether a turn must wait until the run goes on again. The end of the run's time does not wait.</summary>
    private bool MustWait(RunMachine machine, in RunMail mail, Instant now)
    {
        if (_pausedBy == 0 || mail.Kind is not (RunMailKind.Due or RunMailKind.Signal or RunMailKind.TaskEnded)) return false;
        if (mail.Kind != RunMailKind.Due || now < machine.TimeLimit) return true;
        // What was left behind the order comes before anything newer.
        _seen = Math.Min(_seen, _pausedBy);
        LiftPause(machine);
        _session.ReadInbox(Key);
        return false;
    }

    private void LiftPause(RunMachine machine)
    {
        (_pausedBy, _interrupts) = (0, false);
        machine.LiftPause(_session.Now);
    }

    /// <summary>Lets the run stand still as soon as no body of it runs.</summary>
    private void StandStill()
    {
        if (_pausedBy == 0 || _blocked is not null || _machine is not { } machine) return;
        if (_interrupts && machine.Ending is null) InterruptBodies(machine);
        if (machine.Ending is null && !machine.IsStill) return;
        (_pausedBy, _interrupts) = (0, false);
        if (machine.Ending is not null) return;
        machine.NotePaused(_pauseOrder, _session.Now);
        _blocked = Blocking.Paused(RunJson.Write(machine.DescribeWaits()), machine.TimeLimit);
    }

    private void InterruptBodies(RunMachine machine)
    {
        List<RunningBody> bodies;
        lock (_gate) bodies = _running.ToList();
        foreach (var body in bodies)
        {
            // Of an at-most-once step nobody would know any more whether it took effect: it may finish.
            if (body.Operation.AtMostOnce || !body.TryAbandon()) continue;
            lock (_gate) _running.Remove(body);
            machine.Interrupt(body.Operation);
        }
    }
}
