using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>Workers come, renew, die and retire.</summary>
internal sealed partial class CommandStream
{
    private async Task<StreamWorker> RegisterAsync(long before = 0)
    {
        var registration = new WorkerRegistration(new Guid(_random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), "stream", Lanes, Lease)
        {
            Before = before, Queues = _orders.Next(2) == 0 ? null : new Dictionary<string, int> { ["q1"] = 3, ["Äpfel \"rot\""] = 0 },
            Workflows = Pick<WorkflowCode[]?>(null, null, null, [new("order", 3)], [new("bill", 3)], [new("bill", 3), new("order", 3), new("order", 3, "b1")], [new("order", 2)]),
        };
        var grant = await AskAsync("register", target => target.RegisterWorkerAsync(registration, Never));
        _fence.Register(grant.Worker, Now.Add(Lease));
        coverage.Note("paused again under another key", grant.Orders.IsPaused);
        if (Chance(20))
        {
            Assert.Equal(grant, await AskAsync("register again", target => target.RegisterWorkerAsync(registration, Never)));
            coverage.Note("registered again");
        }
        return new(grant.Worker, registration.Workflows);
    }

    private async Task RenewAsync()
    {
        if (_orders.Next(8) == 0) await ChangeWorkerAsync();
        // Everybody alive at once, mostly: else hardly anybody would live long enough to do something.
        List<StreamWorker> workers = Chance(70) ? _workers : [AnyWorker()];
        foreach (var worker in workers)
        {
            var grant = await AskAsync($"renew {worker.Key}", target => target.RenewAsync(worker.Key, Never));
            Assert.Equal(_fence.Renew(worker.Key, Now.Add(Lease)), grant.Alive);
            coverage.Note($"renew {grant.Alive}");
        }
    }

    /// <summary>Mostly a paused worker is soon resumed, so that the streams are not about paused ones only.</summary>
    private async Task ChangeWorkerAsync()
    {
        var one = _workers[_orders.Next(_workers.Count)];
        var worker = one.Key + (_orders.Next(10) == 0 ? 1000 : 0);
        var isPaused = _orders.Next(2) == 0;
        var changed = await ChangeAsync(new(worker, isPaused)
        {
            By = isPaused && _orders.Next(2) == 0 ? "ann" : null, Reason = isPaused && _orders.Next(2) == 0 ? "its disk is 'slow'" : null, After = _orders.Next(3) == 0 ? _orders.Next(3) : null,
        });
        if (isPaused && _orders.Next(10) > 0)
        {
            if (changed?.Pause is not null) await ClaimNothingAsync(one);
            await ChangeAsync(new(worker, Paused: false));
        }
        await AskAsync("list workers", target => target.ListWorkersAsync(Never));
        if (_runs.Count == 0) return;
        var run = _runs.Values.ElementAt(_orders.Next(_runs.Count)).Key;
        await AskAsync($"read tasks of {run}", target => target.ReadTasksAsync(run, Never));
    }

    /// <summary>A claim of a worker that is paused, though there may be work.</summary>
    private async Task ClaimNothingAsync(StreamWorker worker)
    {
        var stamp = worker.Stamp(0);
        var claimed = await AskAsync($"claim runs while paused {stamp}", target => target.ClaimRunsAsync(new(stamp, ["q1", "q2"], 3, 3), Never));
        Fenced(worker, stamp, claimed.Fenced);
        Assert.Empty(claimed.Runs);
        coverage.Note("runs held back from a paused worker", claimed.Orders.IsPaused);
    }

    private async Task<WorkerRecord?> ChangeAsync(WorkerChange change)
    {
        var changed = await AskAsync($"change {change}", target => target.ChangeWorkerAsync(change, Never));
        coverage.Note(changed is null ? "worker unknown" : !change.IsMade(changed) ? "change of a worker too late" : change.Paused ? "worker paused" : "worker resumed");
        return changed;
    }

    private async Task FenceAsync()
    {
        if (Chance(60)) clock.Advance(TimeSpan.FromSeconds(_random.Next(4, 14)));
        var batch = Chance(30) ? _random.Next(4) : 1000;
        var report = await AskAsync($"fence dead workers, batch {batch}", target => target.FenceDeadWorkersAsync(batch, Never));
        Assert.Equal(_fence.MarkDead(Now), report.WorkersMarked);
        Assert.True(report.RunsFreed + report.TasksFreed <= batch);
        coverage.Note("marked dead", report.WorkersMarked > 0);
        coverage.Note("runs freed", report.RunsFreed > 0);
        coverage.Note("tasks freed", report.TasksFreed > 0);
    }

    /// <summary>A dead worker's process starts anew; sometimes one retires before its time.</summary>
    private async Task ReplaceAsync()
    {
        var slot = _workers.FindIndex(worker => !_fence.IsAlive(worker.Key));
        if (slot < 0)
        {
            if (!Chance(20)) return;
            slot = _random.Next(_workers.Count);
            var key = _workers[slot].Key;
            await AskAsync($"retire {key}", async target =>
            {
                await target.RetireWorkerAsync(key, Never);
                return true;
            });
            _fence.Retire(key);
            coverage.Note("retired");
        }
        _zombies.Add(_workers[slot]);
        if (_zombies.Count > 3) _zombies.RemoveAt(0);
        _workers[slot] = await RegisterAsync(_workers[slot].Key);
    }

    /// <summary>After a call whose answer was lost, a worker asks what became of it; both answers must be what the oracle knows.</summary>
    private async Task<bool> ResolveAsync(LaneStamp stamp)
    {
        var committed = await AskAsync($"resolve {stamp}", target => target.ResolveAsync(stamp.Worker, stamp.Lane, stamp.Number, Never));
        Assert.Equal(_fence.Resolve(stamp.Worker, stamp.Lane, stamp.Number), committed);
        coverage.Note($"resolve {committed}");
        return committed;
    }

    /// <summary>Whether the store let an attempt pass as it should; keeps the account of the lane.</summary>
    private void Fenced(StreamWorker worker, LaneStamp stamp, bool fenced, bool refused = false)
    {
        Assert.Equal(_fence.Passes(stamp), !fenced);
        if (fenced || refused) return;
        _fence.Committed(stamp);
        worker.Confirm(stamp);
    }
}
