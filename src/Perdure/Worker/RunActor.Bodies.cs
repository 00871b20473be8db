using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <content>Bodies begin when what they rest on is durable.</content>
internal sealed partial class RunActor
{
    private List<BodyOperation>? _heldBodies;

    private void Begin(ReadOnlySpan<BodyOperation> bodies, Instant now, bool hold)
    {
        if (bodies.IsEmpty) return;
        lock (_gate)
        {
            if (hold || _heldBodies is not null)
            {
                // There are unread messages; one of them may be a cancellation.
                (_heldBodies ??= []).AddRange(bodies);
                return;
            }
        }
        foreach (var body in bodies) BeginBody(body, now);
    }

    private void ReleaseHeldBodies()
    {
        List<BodyOperation>? held;
        lock (_gate) (held, _heldBodies) = (_heldBodies, null);
        if (held is null) return;
        foreach (var body in held) BeginBody(body, LastActive);
    }

    private void BeginBody(BodyOperation operation, Instant now)
    {
        var body = new RunningBody(this, operation, operation.CurrentAttempt, now);
        if (operation.CancelAsked) body.Cancel();
        lock (_gate)
        {
            if (_gone) return;
            _running.Add(body);
        }
        _session.Bodies.Begin(body);
        // It was asked for before the run was told to stand still at once, and has a look at that as soon as it can.
        if (_interrupts) PostAside(new RunMail(RunMailKind.Due));
    }

    /// <summary>Lets bodies begin that need not wait for a commit.</summary>
    private void BeginEarlyBodies()
    {
        if (_inFlight is not null || _birth is not null || _machine is not { } machine || _blocked is not null || _heldBodies is not null) return;
        var draft = machine.Draft;
        if (draft.Bodies.IsEmpty || _intake is not null || !HasNothingToWrite(machine) && !MayRunAhead(machine)) return;
        var bodies = draft.Bodies.ToArray();
        draft.DropBodies();
        foreach (var body in bodies) BeginBody(body, LastActive);
    }

    /// <summary>Whether everything that the code has seen is durable, and so is that the run runs: as after a claim, whose row says both.</summary>
    private bool HasNothingToWrite(RunMachine machine) =>
        machine.Draft is { Count: 0, Tasks.IsEmpty: true, CancelTasks.Count: 0, CancelBodies.IsEmpty: true, PublishedChanged: false, DataChanged: false, Messages.Count: 0, Requests: null } draft && draft.NotBefore == Instant.Earliest
        && machine.Ending is null && !machine.IsSpent
        && _storedStatus == RunStatus.Running && _storedPhase == machine.Phase && _storedDue <= _session.Now;

    /// <summary>
    /// A Deferred body may begin although outcomes before it are not durable, if all of those are Deferred as well and the code waits for nothing else: then the
    /// next life of the run asks for it under the same number, and so with the same key.
    /// </summary>
    private static bool MayRunAhead(RunMachine machine)
    {
        var draft = machine.Draft;
        if (machine.OpenCount != draft.Bodies.Length || draft is not { IsDeferrable: true, Count: > 0 and < DeferredBacklog }) return false;
        foreach (var wanted in draft.Bodies)
            if (!wanted.Deferred) return false;
        return true;
    }

    private void CancelBody(BodyOperation operation)
    {
        RunningBody? body;
        lock (_gate) body = _running.Find(operation.Number);
        body?.Cancel();
    }
}
