using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>What an explanation says of workers: whether one is alive that serves the queue and has the code, and whether it may take anything.</summary>
public class ExplainWorkerTests
{
    private const string Untaken = "^It is due since .+Z, and no worker has taken it from the queue \"mail\": ";

    [Theory, EveryStore]
    public async Task ExplainAsync_OfADueRun_SaysWhetherALiveWorkerServesItsQueueAndHasItsCode(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store);
        var run = await client.Client.StartAsync("order", 1, new() { Queue = "mail", AllowRemote = true }).Soon();
        var version = (await run.GetAsync()).Version;
        Assert.Matches($"{Untaken}no worker is alive\\. → perdure worker --queue mail=10$", await WhyAsync(run));

        // Nobody here takes anything: these only say what they are.
        var other = await RegisterAsync(client, "other", ["print", "_schedules"], [new("order", version)]);
        Assert.Matches($"{Untaken}no live worker serves it; those that live serve \"print\"\\. → perdure worker --queue mail=10$", await WhyAsync(run));
        var mail = await RegisterAsync(client, "mail", ["mail"], [new("bill", 1), new("_schedule", 1)]);
        Assert.Matches($"{Untaken}worker {other} \\(\"other\"\\) has code for the workflow \"order\" version {version}, without serving the queue \"mail\"\\. → perdure worker --assembly ", await WhyAsync(run));
        await client.Store.RetireWorkerAsync(other, default);
        Assert.Matches($"{Untaken}no live worker has code for the workflow \"order\" version {version}; registered are \"bill\"\\. ", await WhyAsync(run));
        var later = await RegisterAsync(client, "later", ["mail"], [new("order", version + 2), new("order", version + 1)]);
        Assert.Matches($"{Untaken}no live worker has code for the workflow \"order\" version {version}; registered are its versions {version + 1}, {version + 2}\\. ", await WhyAsync(run));

        var able = await RegisterAsync(client, "able", ["mail"], [new("order", version)]);
        Assert.Matches($"{Untaken}worker {able} \\(\"able\"\\) may take it, as soon as there is room\\.$", await WhyAsync(run));
        await client.Client.Workers.PauseAsync(able, new() { By = "ann", Reason = "slow disk" }).Soon();
        Assert.Matches($"{Untaken}the only worker that serves it and has its code, {able} \\(\"able\"\\), is paused by ann since .+Z \\(slow disk\\)\\. → perdure workers resume {able}$", await WhyAsync(run));
        var second = await RegisterAsync(client, "second", ["mail"], [new("order", version)]);
        Assert.Matches($"worker {second} \\(\"second\"\\) may take it", await WhyAsync(run));
        await client.Client.Workers.PauseAsync(second).Soon();
        Assert.Matches($"{Untaken}all workers that serve it and have its code are paused: {able} \\(\"able\"\\) by ann since .+; {second} \\(\"second\"\\) since .+Z\\. ", await WhyAsync(run));

        var pinned = await client.Client.StartAsync("order", 1, new() { Queue = "mail", AllowRemote = true, Build = "b2" }).Soon();
        await RegisterAsync(client, "built", ["mail"], [new("order", version), new("order", version, "b1")]);
        Assert.Matches($"{Untaken}no live worker has code for the workflow \"order\" version {version} of the build \"b2\"; registered are its versions {version}, {version} of the build \"b1\", {version + 1}, {version + 2}\\. ", await WhyAsync(pinned));

        foreach (var worker in new[] { mail, later, second }) await client.Store.RetireWorkerAsync(worker, default);
        // Nobody has noticed that these processes are gone.
        store.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Matches($"{Untaken}no worker is alive; worker .+ \\(\"built\"\\), which has not renewed its lease since .+Z\\. → perdure worker --queue mail=10$", await WhyAsync(run));
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfAQueuedActivity_NamesItsQueueAndWhoCouldRunIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow("calls", async (WorkflowContext ctx, string queue) => await ctx.ActivityAsync<int>("work", queue, new() { Queue = queue }))
            .AddActivity("work", async (string queue, CancellationToken ct) =>
            {
                await probe.HoldAsync(queue, ct);
                return 1;
            }), static options => options.WorkerName = "here");
        var far = await engine.Client.StartAsync("calls", "far").Soon();
        await far.WaitsForAsync("activity");
        var number = Assert.Single(await engine.Client.Workers.ListAsync().Soon()).Number;
        const string queued = "^The activity \"work\" is queued since .+Z, and no worker has taken it from the queue \"far\": ";
        Assert.Matches($"{queued}no live worker serves it; those that live serve \"default\"\\. → perdure worker --queue far=10$", await WhyAsync(far));

        await RegisterAsync(engine, "idle", ["far"], [], ["play"]);
        Assert.Matches($"{queued}worker {number} \\(\"here\"\\) has code for it, and no slots for activities of that queue\\. → perdure worker --assembly ", await WhyAsync(far));
        var able = await RegisterAsync(engine, "able", ["far"], [], ["work"], slots: 1);
        Assert.Matches($"{queued}worker {able} \\(\"able\"\\) may take it: there is a free slot\\.$", await WhyAsync(far));
        await engine.Client.Workers.PauseAsync(able, new() { By = "ann" }).Soon();
        Assert.Matches($"{queued}the only worker that serves it and has code for it, {able} \\(\"able\"\\), is paused by ann since .+Z\\. → perdure workers resume {able}$", await WhyAsync(far));
        await engine.Client.Workers.ResumeAsync(able).Soon();

        // It takes one of the two, which fills it.
        var next = await engine.Client.StartAsync("calls", "far").Soon();
        await next.WaitsForAsync("activity");
        var claimed = await engine.Store.ClaimTasksAsync(new(new(able, 0, 1, 0), [new("far", 1)], 1, ["work"]), default);
        var (taken, left) = Assert.Single(claimed.Tasks).RunId == far.Id ? (far, next) : (next, far);
        Assert.Matches($"^The activity \"work\", which was queued at .+Z, is in the hands of worker {able} \\(\"able\"\\)\\.$", await WhyAsync(taken));
        Assert.Matches($"{queued}the slots for it are taken; worker {able} \\(\"able\"\\) runs 1 of at most 1 activities of it at once\\. → perdure worker --queue far=10$", await WhyAsync(left));

        var here = await engine.Client.StartAsync("calls", "default").Soon();
        await probe.ReachedAsync("default");
        await here.WaitsForAsync("activity");
        Assert.Matches($"is in the hands of worker {number} \\(\"here\"\\)\\.$", await WhyAsync(here));
        probe.Open("default");
        await engine.TrickleAsync(here.WaitAsync());
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfABlockedRun_SaysWhoHasItsCodeNow(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("known", (WorkflowContext ctx, Unit _) => Task.CompletedTask));
        var run = await engine.Client.StartAsync("gone", 1, new() { AllowRemote = true }).Soon();
        await run.BecomesAsync(RunStatus.Blocked);
        var version = (await run.GetAsync()).Version;
        Assert.Matches($"^No live worker has code for the workflow \"gone\" version {version}; registered are \"known\", \"test-pass\"\\. → perdure worker --assembly APP.dll$", await WhyAsync(run, 1));
        var able = await RegisterAsync(engine, "able", ["default"], [new("gone", version)]);
        Assert.Matches($"^Worker {able} \\(\"able\"\\) has code for the workflow \"gone\" version {version} now\\. → perdure resume {run.Id}$", await WhyAsync(run, 1));
    }

    [Theory, EveryStore]
    public async Task ExplainAsync_OfARunThatWaits_SaysThatNobodyCouldGoOnWithIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        RunHandle run;
        await using (var first = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("waits", async (WorkflowContext ctx, Unit _) => await ctx.WaitForAsync(new Signal<int>("go")))))
        {
            run = await first.Client.StartAsync("waits", default(Unit)).Soon();
            await run.WaitsForAsync("signal");
            await first.StopAsync();
        }
        await using var client = TestEngine.ClientOnly(store);
        run = client.Client.Handle(run.Id);
        Assert.Single((await run.ExplainAsync()).Reasons);
        await RegisterAsync(client, "other", ["default"], [new("order", 1)]);
        Assert.Matches("^Nobody can go on with the run when it is due: no live worker has code for the workflow \"waits\" version 1; registered are \"order\"\\. ", await WhyAsync(run, 1));
        var able = await RegisterAsync(client, "able", ["default"], [new("waits", 1)]);
        Assert.Single((await run.ExplainAsync()).Reasons);
        await client.Client.Workers.PauseAsync(able).Soon();
        Assert.Matches($"^Nobody takes the run when it is due: the only worker that serves its queue \"default\" and has its code, {able} \\(\"able\"\\), is paused since .+Z\\. → perdure workers resume {able}$", await WhyAsync(run, 1));
    }

    private static async Task<string> WhyAsync(RunHandle run, int reason = 0) => (await run.ExplainAsync().Soon()).Reasons[reason].ToString();

    private static async Task<long> RegisterAsync(TestEngine engine, string name, string[] queues, WorkflowCode[] workflows, string[]? activities = null, int slots = 10) =>
        (await engine.Store.RegisterWorkerAsync(new(Guid.NewGuid(), name, 1, TimeSpan.FromHours(1))
        {
            Queues = queues.ToDictionary(static queue => queue, _ => slots), Workflows = workflows, Activities = activities ?? [],
        }, default)).Worker;
}
