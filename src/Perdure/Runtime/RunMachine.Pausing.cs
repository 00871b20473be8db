using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Standing still on an operator's order: what runs may finish, nothing new begins.</content>
internal sealed partial class RunMachine
{
    private bool _pausing;

    /// <summary>Whether the stored history says that an operator has stopped the run, and nothing since has let it go on. Before <see cref="Load"/>.</summary>
    public bool IsPaused
    {
        get
        {
            for (var i = _stored.Length - 1; i >= 0; i--)
            {
                switch (_stored[i].Kind)
                {
                    case EventKind.RunPaused:
                        return true;
                    case EventKind.RunResumed or EventKind.RunReset or EventKind.CancelRequested:
                        return false;
                }
            }
            return false;
        }
    }

    /// <summary>When the stored history says that the run's time is up, or never. Before <see cref="Load"/>.</summary>
    public Instant StoredLimit
    {
        get
        {
            var (deadline, cancellation) = (_seed.Deadline, (Cancellation?)null);
            foreach (var e in _stored)
            {
                if (e.Kind == EventKind.CancelRequested) cancellation = Cancellation.Read(e);
                if (e.Kind != EventKind.RunReset) continue;
                cancellation = null;
                if (!deadline.IsNever) deadline = e.At.Add(_seed.Deadline - _stored[0].At);
            }
            return cancellation?.GraceEnd ?? deadline;
        }
    }

    /// <summary>When the run's time is up, whether it stands still or not.</summary>
    public Instant TimeLimit => _cancellation?.GraceEnd ?? _deadline;

    /// <summary>Whether no attempt of a body is under way in this process, so that the run may stand still.</summary>
    public bool IsStill
    {
        get
        {
            for (var i = 0; i < _open.Count; i++)
                if (_open[i] is BodyOperation { IsLocal: true, Stage: BodyStage.Running }) return false;
            return true;
        }
    }

    /// <summary>From now on no body is asked for; those that run have their outcomes taken.</summary>
    public void Pause() => _pausing = true;

    /// <summary>The attempt of a body that runs was given up, and its outcome will not come: it begins anew under the same number when the run goes on.</summary>
    public void Interrupt(BodyOperation body)
    {
        if (body.IsDone || body.Stage != BodyStage.Running) return;
        body.Stage = BodyStage.Ready;
        Want(body);
    }

    /// <summary>The run goes on before it stood still.</summary>
    public void LiftPause(Instant now)
    {
        _pausing = false;
        _now = now;
        if (Ending is null && !IsSpent && _main is not null) EndTurn();
    }

    /// <summary>Records that the run stands still; the last thing that this machine does.</summary>
    /// <param name="order">Who wants it, and why.</param>
    /// <param name="now">The store's clock.</param>
    public void NotePaused(ReadOnlyMemory<byte> order, Instant now) => _history.Append(new EventRecord { Kind = EventKind.RunPaused, Data = order }, now);
}
