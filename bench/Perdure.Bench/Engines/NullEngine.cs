using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Hosting;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Bench.Engines;

/// <summary>
/// The engine on a store that keeps nothing, put together by hand: a client would ask the store for runs that ended before it began to
/// wait. Thread safe.
/// </summary>
internal sealed class NullEngine : IBenchEngine
{
    private readonly WorkerParts _parts;
    private readonly WorkerNode _node;
    private readonly JournalSubmissions _submissions;

    public NullEngine()
    {
        _parts = new WorkerParts
        {
            Store = new NullStore(), Clock = TimeProvider.System, Entropy = new SystemEntropy(), Scheduler = new ThreadScheduler(),
            Workflows = Workflows(), Activities = new ActivityRegistry(), Kit = Kit(), Log = new EngineLog(new WarningLog()),
        };
        _node = new WorkerNode(_parts);
        var rows = new StoreSubmissions(Store, new KeyBlocks(Store, _node.StoreClock), _parts.Clock);
        _submissions = new JournalSubmissions(_node, _parts, rows);
    }

    public IPerdureStore Store => _parts.Store;

    /// <summary>What the runs of an engine share.</summary>
    public static RuntimeKit Kit() =>
        new(PayloadCodec.Default, new ActivityRegistry(), null, new SystemEntropy().NextJitter, NullLogger.Instance);

    /// <summary>The workflows that need nothing but steps.</summary>
    public static WorkflowRegistry Workflows()
    {
        var workflows = new WorkflowRegistry();
        workflows.Add(Workloads.Steps, Workloads.RunStepsAsync);
        workflows.Add(Workloads.Parallel, Workloads.RunParallelAsync);
        workflows.Add(Workloads.Each, Workloads.RunEachAsync);
        workflows.Add(Workloads.Waits, Workloads.RunWaitsAsync);
        return workflows;
    }

    /// <summary>Begins to work.</summary>
    public async Task StartAsync()
    {
        _node.Start();
        while (_node.Session is null) await Task.Yield();
    }

    public async Task<TOut> RunAsync<TIn, TOut>(WorkflowDefinition<TIn, TOut> workflow, TIn input)
    {
        var request = StartRequest.For(workflow, input, null, _parts.Workflows, _parts.Kit.Codec);
        var (key, now) = await _submissions.ReserveAsync(CancellationToken.None);
        var id = _parts.Entropy.NewRunId(now.ToDateTimeOffset()).ToString("N");
        using var watch = _node.Endings.Watch(id);
        await _submissions.StartAsync(BirthBuilder.Build(request, id, key, now), CancellationToken.None);
        return RunEnd.Of(id, await watch.Ended).Unwrap<TOut>(_parts.Kit.Codec);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.StopAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        await Store.DisposeAsync();
    }
}
