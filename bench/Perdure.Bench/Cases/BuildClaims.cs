using System.Diagnostics;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;
using Perdure.Storage;

namespace Perdure.Bench.Cases;

/// <summary>
/// What a claim costs while the workers are of two builds and a long backlog of runs of the other build lies in front, against one build and no backlog: when there is something to
/// take, and when there is nothing. The two databases are asked turn by turn, so that both meet the same machine.
/// </summary>
internal static class BuildClaims
{
    private const string Queue = "queue";
    private const string Others = "others";
    private const int Claims = 200;

    public static string NameOf(Backend backend) => $"{backend.Text()}: claims, two builds";

    public static Case Create(Scratch scratch, Backend backend, int backlog) =>
        new(NameOf(backend), () => MeasureAsync(scratch, backend, backlog)) { Settings = [("store", backend.Text()), ("backlog", backlog), ("runsAClaim", Claimer.Room)] };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int backlog)
    {
        var figures = new Figures();
        var (onePlace, twoPlace) = (scratch.NewPlace(backend), scratch.NewPlace(backend));
        await using (var one = onePlace.Open())
        await using (var two = twoPlace.Open())
        {
            var inOne = await OpenAsync(one, Backlog.Workflow);
            var inTwo = await OpenAsync(two, Others);
            await Backlog.StartAsync(two, Queue, backlog, Others);

            // Whoever meets the others' runs first puts them aside, some with each claim.
            var start = Stopwatch.GetTimestamp();
            await Backlog.StartAsync(two, Queue, 1);
            var claims = 1;
            while ((await inTwo.ClaimAsync(Queue)).Count == 0) claims++;
            figures["asideClaims"] = claims;
            figures["asideS"] = Stopwatch.GetElapsedTime(start).TotalSeconds;

            var (oneTakes, twoTakes, oneEmpty, twoEmpty) = (new long[Claims], new long[Claims], new long[Claims], new long[Claims]);
            for (var i = 0; i < Claims; i++)
            {
                foreach (var (store, worker, takes, empty) in new[] { (one, inOne, oneTakes, oneEmpty), (two, inTwo, twoTakes, twoEmpty) })
                {
                    await Backlog.StartAsync(store, Queue, Claimer.Room);
                    takes[i] = await worker.ClaimAsync(Queue, Claimer.Room);
                    empty[i] = await worker.ClaimAsync(Queue, 0);
                }
            }
            figures.SetLatency("one", oneTakes);
            figures.SetLatency("two", twoTakes);
            figures.SetLatency("oneEmpty", oneEmpty);
            figures.SetLatency("twoEmpty", twoEmpty);
            figures["twoToOne"] = figures["twoP50Ms"] / figures["oneP50Ms"];
            figures["emptyTwoToOne"] = figures["twoEmptyP50Ms"] / figures["oneEmptyP50Ms"];
        }
        scratch.Remove(onePlace);
        scratch.Remove(twoPlace);
        return figures;
    }

    /// <summary>Registers a worker, and another one that has code for one more workflow.</summary>
    private static async Task<Claimer> OpenAsync(IPerdureStore store, string others)
    {
        await store.InitializeAsync(migrate: true, default);
        await RegisterAsync(store, others);
        return new Claimer(store, await RegisterAsync(store, Backlog.Workflow));
    }

    private static async Task<long> RegisterAsync(IPerdureStore store, string workflow) => (await store.RegisterWorkerAsync(
        new(Guid.NewGuid(), "bench", Lanes: 1, TimeSpan.FromMinutes(10)) { Workflows = [.. new[] { Backlog.Workflow, workflow }.Distinct().Select(static name => new WorkflowCode(name, 1))] }, default)).Worker;
}
