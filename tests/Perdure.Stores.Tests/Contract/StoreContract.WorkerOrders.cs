using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Workers as operators see them, and what they order of them.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ChangeWorker_Paused_IsGivenNothingUntilItIsResumed()
    {
        var (paused, other) = (await RegisterAsync(), await RegisterAsync());
        await StartWithTasksAsync(paused, Make.Task(1), Make.Task(2, queue: "nobody", closeDeadline: In(-1)));
        var first = await StartAsync(due: In(-2));
        Assert.Equal((true, "ann", "slow disk"), await PauseAsync(paused.Key, "ann", "slow disk") is { Pause: { } pause } ? (pause.At == Now, pause.By, pause.Reason) : default);

        var runs = await paused.ClaimRunsAsync();
        Assert.Equal((false, 0, Instant.Never, new WorkerOrders(1, true)), (runs.Fenced, runs.Runs.Count, runs.NextDue, runs.Orders));
        // Not even what has expired.
        var tasks = await paused.ClaimTasksAsync();
        Assert.Equal((false, 0, Instant.Never, new WorkerOrders(1, true)), (tasks.Fenced, tasks.Tasks.Count, tasks.NextDue, tasks.Orders));
        Assert.Equal(new WorkerOrders(1, true), (await Store.RenewAsync(paused.Key, Make.Never)).Orders);
        var taken = await other.ClaimRunsAsync();
        Assert.Equal((first, default), (Assert.Single(taken.Runs).Row.Key, taken.Orders));

        var second = await StartAsync(due: In(-1));
        Assert.Null((await Store.ChangeWorkerAsync(new(paused.Key, Paused: false), Make.Never))!.Pause);
        var resumed = await paused.ClaimRunsAsync();
        Assert.Equal((second, new WorkerOrders(2, false)), (Assert.Single(resumed.Runs).Row.Key, resumed.Orders));
        Assert.Equal(2, (await paused.ClaimTasksAsync()).Tasks.Count);
    }

    [Fact]
    public async Task ChangeWorker_Paused_KeepsWhatItHasAndMayWriteIt()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        var attempt = Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt;
        await PauseAsync(worker.Key);

        Assert.Equal([true], (await worker.CompleteAsync(Make.Completion(attempt))).Accepted);
        await worker.WriteAsync(run.Bundle(events: 1));
        Assert.Equal(new FenceReport(0, 0, 0), await FenceAsync());
    }

    [Fact]
    public async Task ChangeWorker_BehindAnotherRevision_ChangesNothing()
    {
        var worker = await RegisterAsync();
        var asked = await Store.ChangeWorkerAsync(new(worker.Key, Paused: true) { After = -1 }, Make.Never);
        Assert.Equal((0, null), (asked!.Revision, asked.Pause));
        await Store.ChangeWorkerAsync(new(worker.Key, Paused: true) { After = 0 }, Make.Never);
        await Store.ChangeWorkerAsync(new(worker.Key, Paused: false) { After = 1 }, Make.Never);
        // A copy of the first that comes late.
        var late = await Store.ChangeWorkerAsync(new(worker.Key, Paused: true) { After = 0 }, Make.Never);
        Assert.Equal((2, null), (late!.Revision, late.Pause));
    }

    [Fact]
    public async Task ChangeWorker_DeadOrUnknown_AnswersNothing()
    {
        var worker = await RegisterAsync();
        Assert.Null(await Store.ChangeWorkerAsync(new(worker.Key + 100, Paused: true), Make.Never));
        await KillAllAsync();
        Assert.Null(await Store.ChangeWorkerAsync(new(worker.Key, Paused: true), Make.Never));
        Assert.Empty(await Store.ListWorkersAsync(Make.Never));
    }

    [Fact]
    public async Task RegisterWorker_BehindOneThatWasPaused_IsPausedAsThatOneWas()
    {
        var before = await RegisterAsync();
        await PauseAsync(before.Key, "ann", "slow disk");
        await KillAllAsync();
        var registration = new WorkerRegistration(Guid.NewGuid(), "again", 1, Lease) { Before = before.Key };
        var grant = await Store.RegisterWorkerAsync(registration, Make.Never);
        Assert.Equal(new WorkerOrders(1, true), grant.Orders);
        Assert.Equal(("ann", "slow disk"), Assert.Single(await Store.ListWorkersAsync(Make.Never)) is { Pause: { } pause } ? (pause.By, pause.Reason) : default);

        // What was ordered since is not undone by a registration that is repeated.
        await Store.ChangeWorkerAsync(new(grant.Worker, Paused: false), Make.Never);
        Assert.Equal(grant with { Orders = new(2, false) }, await Store.RegisterWorkerAsync(registration, Make.Never));
        Assert.False((await Store.RegisterWorkerAsync(registration with { Id = Guid.NewGuid(), Before = before.Key + 100 }, Make.Never)).Orders.IsPaused);
    }

    [Fact]
    public async Task ListWorkers_TellsWhatEachServesHasCodeForAndHolds()
    {
        var registration = new WorkerRegistration(Guid.NewGuid(), "web-1/\"4711\"", 1, Lease)
        {
            Activities = ["send", "Äpfel"], Workflows = [new("order", 2), new("order", 3)], Queues = new Dictionary<string, int> { ["mail"] = 5, ["rot & 'süß'"] = 0 },
        };
        var worker = new TestWorker(Store, (await Store.RegisterWorkerAsync(registration, Make.Never)).Worker);
        var silent = await RegisterAsync();
        var registered = Now;
        Pass(2);
        await Store.RenewAsync(worker.Key, Make.Never);
        await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2), Make.Task(3, queue: "print"), Make.Task(4));
        await worker.ClaimTasksAsync([new("mail", 2), new("print", 9)]);

        var listed = await (await OpenAnotherAsync()).ListWorkersAsync(Make.Never);
        Assert.Equal([worker.Key, silent.Key], listed.Select(static one => one.Worker));
        var one = listed[0];
        Assert.Equal((registration.Id, registration.Name, registered, In(10)), (one.Id, one.Name, one.RegisteredAt, one.LeaseUntil));
        Assert.Equal(registration.Activities.Order(), one.Activities.Order());
        Assert.Equal(registration.Workflows, one.Workflows!.OrderBy(static code => code.Version));
        Assert.Equal(registration.Queues.OrderBy(static queue => queue.Value), one.Queues!.OrderBy(static queue => queue.Value));
        Assert.Equal((1, 2, 1), (one.HeldRuns, one.HeldTasks["mail"], one.HeldTasks["print"]));
        Assert.Null(one.Pause);
        Assert.Equal((null, null, 0, 0), (listed[1].Workflows, listed[1].Queues, listed[1].HeldRuns, listed[1].HeldTasks.Count));
    }

    [Fact]
    public async Task ReadTasks_TellsQueueDueInstantAndHolderOfEach()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(7, queue: "print", due: In(60)), Make.Task(3, due: In(-1)), Make.Task(5, claimed: true));
        await StartWithTasksAsync(worker, Make.Task(1, queue: "print"));
        Assert.Equal(3, Assert.Single((await worker.ClaimTasksAsync(free: 1)).Tasks).Attempt.Operation);

        Assert.Equal(
            [new TaskRecord(3, "send", "mail", In(-1), worker.Key), new TaskRecord(5, "send", "mail", Make.Task(5).DueAt, worker.Key), new TaskRecord(7, "send", "print", In(60), 0)],
            await (await OpenAnotherAsync()).ReadTasksAsync(run.Run, Make.Never));
        Assert.Empty(await Store.ReadTasksAsync(run.Run + 100, Make.Never));
    }

    [Fact]
    public async Task ChangeWorker_WhileItClaims_IsGivenNothingFromTheAnswerOn()
    {
        var worker = await RegisterAsync();
        for (var i = 0; i < 60; i++) await StartAsync(due: In(-1));
        var isPaused = false;
        var claims = Task.Run(async () =>
        {
            var behind = 0;
            for (var i = 0; i < 60; i++)
            {
                var began = Volatile.Read(ref isPaused);
                var claimed = await worker.ClaimRunsAsync(limit: 1, suspects: 1);
                if (began) behind += claimed.Runs.Count;
                else if (claimed.Orders.IsPaused) Assert.Empty(claimed.Runs);
            }
            return behind;
        });
        await PauseAsync(worker.Key);
        var held = Assert.Single(await Store.ListWorkersAsync(Make.Never)).HeldRuns;
        Volatile.Write(ref isPaused, true);

        Assert.Equal(0, await claims);
        Assert.Equal(held, Assert.Single(await Store.ListWorkersAsync(Make.Never)).HeldRuns);
    }

    private async Task<WorkerRecord> PauseAsync(long worker, string? by = null, string? reason = null)
    {
        var paused = await Store.ChangeWorkerAsync(new(worker, Paused: true) { By = by, Reason = reason }, Make.Never);
        Assert.NotNull(paused);
        return paused;
    }
}
