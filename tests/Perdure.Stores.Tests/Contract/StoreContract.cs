using Perdure.Storage;
using Perdure.Testing.Shared;

namespace Perdure.Stores.Tests.Contract;

/// <summary>
/// What every store must do. A store derives one class from this and says how to make an empty one; nothing in here knows which store
/// it is.
/// </summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    private readonly List<IPerdureStore> _handles = [];
    private readonly ManualClock _clock = new();

    /// <summary>The clock of every handle.</summary>
    protected TimeProvider Clock => _clock;

    private IPerdureStore Store => _handles[0];

    private Instant Now => Instant.From(_clock.GetUtcNow());

    /// <summary>Makes a store without data, not yet initialized.</summary>
    protected abstract IPerdureStore CreateStore();

    /// <summary>
    /// Makes another handle on the data of <paramref name="first"/>, as a second process would have it; not yet initialized. The handle
    /// itself where data live in one process only.
    /// </summary>
    protected abstract IPerdureStore OpenAnother(IPerdureStore first);

    async Task IAsyncLifetime.InitializeAsync() => await OpenAsync(CreateStore());

    async Task IAsyncLifetime.DisposeAsync()
    {
        foreach (var handle in _handles.Distinct()) await handle.DisposeAsync();
    }

    private async Task<IPerdureStore> OpenAnotherAsync() => await OpenAsync(OpenAnother(Store));

    private async Task<IPerdureStore> OpenAsync(IPerdureStore store)
    {
        _handles.Add(store);
        await store.InitializeAsync(migrate: true, Make.Never);
        return store;
    }

    private Instant In(double seconds) => Now.Add(TimeSpan.FromSeconds(seconds));

    private void Pass(double seconds) => _clock.Advance(TimeSpan.FromSeconds(seconds));

    private async Task<TestWorker> RegisterAsync(IPerdureStore? store = null, int lanes = 2, params string[] activities)
    {
        store ??= Store;
        var grant = await store.RegisterWorkerAsync(new(Guid.NewGuid(), "test", lanes, Lease) { Activities = activities }, Make.Never);
        return new(store, grant.Worker);
    }

    /// <summary>Registers a worker that has code for these workflows, all in version 3.</summary>
    private Task<TestWorker> RegisterWithCodeAsync(params string[] workflows) => RegisterWithCodeAsync([.. workflows.Select(static name => new WorkflowCode(name, 3))]);

    private async Task<TestWorker> RegisterWithCodeAsync(params WorkflowCode[] codes)
    {
        var grant = await Store.RegisterWorkerAsync(new(Guid.NewGuid(), "test", 2, Lease) { Workflows = codes }, Make.Never);
        return new(Store, grant.Worker);
    }

    private async Task<long> NewKeyAsync() => (await Store.ReserveKeysAsync(1, Make.Never)).First;

    private async Task<BirthOutcome> StartAsync(RunBirth birth) => Assert.Single(await Store.StartRunsAsync([birth], Make.Never));

    /// <summary>Starts an unowned run and answers its key.</summary>
    private async Task<long> StartAsync(string queue = "default", int priority = 0, Instant? due = null, string workflow = "order")
    {
        var key = await NewKeyAsync();
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(key, queue: queue, priority: priority, due: due, workflow: workflow))).Verdict);
        return key;
    }

    /// <summary>Starts a run that belongs to a worker at once.</summary>
    private async Task<Holding> StartOwnedAsync(TestWorker worker, RunBirth? birth = null)
    {
        birth ??= Make.Birth(await NewKeyAsync());
        var outcome = await worker.WriteAsync(new() { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1 });
        Assert.Equal(BirthVerdict.Created, outcome.Birth.Verdict);
        return new(birth.Key, 1, 1);
    }

    /// <summary>Starts a run with the given tasks on its queue.</summary>
    private async Task<Holding> StartWithTasksAsync(TestWorker worker, params NewTask[] tasks)
    {
        var run = await StartOwnedAsync(worker);
        await worker.WriteAsync(run.Bundle(events: 1, newTasks: tasks, row: Holding.Row(RunStatus.Suspended, Instant.Never)));
        run.Next++;
        return run;
    }

    private async Task<RunRecord> ReadAsync(long run)
    {
        var row = await Store.ReadRunAsync(new(Key: run), Make.Never);
        Assert.NotNull(row);
        return row;
    }

    /// <summary>All events of a run as one text.</summary>
    private async Task<string> HistoryAsync(long run) =>
        string.Concat((await Store.ReadHistoryAsync(run, 0, Make.Never)).Select(batch => Make.Text(batch.Bytes)));

    private async Task<PostOutcome> PostAsync(OutgoingMessage message) =>
        Assert.Single(await Store.PostMessagesAsync([message], Make.Never));

    private async Task<FenceReport> FenceAsync(int batch = 1000) => await Store.FenceDeadWorkersAsync(batch, Make.Never);

    /// <summary>Lets the leases of all workers end and the others find out.</summary>
    private async Task KillAllAsync()
    {
        Pass(Lease.TotalSeconds + 1);
        await FenceAsync();
    }

    private async Task CloseAsync(TestWorker worker, Holding run, RunStatus status = RunStatus.Completed)
    {
        Assert.True((await worker.WriteAsync(run.Bundle(close: status))).Closed);
        run.Next++;
    }
}
