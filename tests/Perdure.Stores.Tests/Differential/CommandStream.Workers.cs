using Perdure.Storage;

namespace Perdure.Stores.Tests.Differential;

/// <summary>Workers come, renew, die and retire.</summary>
internal sealed partial class CommandStream
{
    private async Task<StreamWorker> RegisterAsync()
    {
        var registration = new WorkerRegistration(new Guid(_random.Next(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10), "stream", Lanes, Lease)
        {
            Workflows = Pick<WorkflowCode[]?>(null, null, null, [new("order", 3)], [new("bill", 3)], [new("bill", 3), new("order", 3), new("order", 3, "b1")], [new("order", 2)]),
        };
        var grant = await AskAsync("register", target => target.RegisterWorkerAsync(registration, Never));
        _fence.Register(grant.Worker, Now.Add(Lease));
        if (Chance(20))
        {
            Assert.Equal(grant, await AskAsync("register again", target => target.RegisterWorkerAsync(registration, Never)));
            coverage.Note("registered again");
        }
        return new(grant.Worker, registration.Workflows);
    }

    private async Task RenewAsync()
    {
        // Everybody alive at once, mostly: else hardly anybody would live long enough to do something.
        List<StreamWorker> workers = Chance(70) ? _workers : [AnyWorker()];
        foreach (var worker in workers)
        {
            var grant = await AskAsync($"renew {worker.Key}", target => target.RenewAsync(worker.Key, Never));
            Assert.Equal(_fence.Renew(worker.Key, Now.Add(Lease)), grant.Alive);
            coverage.Note($"renew {grant.Alive}");
        }
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
        _workers[slot] = await RegisterAsync();
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
