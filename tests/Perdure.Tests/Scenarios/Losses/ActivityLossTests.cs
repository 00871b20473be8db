using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Losses;

/// <summary>Queued activities whose workers die or are asked to stop.</summary>
public class ActivityLossTests
{
    private static readonly WorkflowDefinition<Unit, string> Work = new("work");

    [Theory, EveryStore]
    public async Task MaxCrashes_OfTheWorkflow_IsHowManyLossesItsActivitiesOutlive(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder
            .AddActivity("kill", async (Unit _, StepInfo info) =>
            {
                await probe.HoldAsync($"attempt {info.Attempt}");
                return "done";
            })
            .AddWorkflow(Work, static (ctx, _) => ctx.ActivityAsync<string>("kill", default(Unit)), new() { MaxCrashes = 2 });

        string? id = null;
        for (var life = 1; life <= 2; life++)
        {
            var mortal = await TestEngine.StartMortalAsync(store, Register);
            id ??= (await mortal.Client.StartAsync(Work, default).Soon()).Id;
            await mortal.TrickleAsync(probe.ReachedAsync($"attempt {life}"));
            await mortal.KillAsync();
        }
        await using var engine = await TestEngine.StartAsync(store, Register);

        var failure = await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(engine.Client.Handle(id!).ResultAsync<string>()));
        Assert.Contains("lost its worker 2 times in a row", failure.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(2, probe.Calls.Length);
    }

    [Theory, EveryStore]
    public async Task I14_AnActivityThatLosesItsWorkerAgainAndAgain_WaitsLongerEachTime(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        var begun = new List<DateTimeOffset>();
        void Register(IPerdureBuilder builder) => builder
            .AddActivity("unlucky", async (Unit _, StepInfo info) =>
            {
                begun.Add(store.Clock.GetUtcNow());
                await probe.HoldAsync($"attempt {info.Attempt}");
                return $"attempt {info.Attempt}";
            })
            .AddWorkflow(Work, static (ctx, _) => ctx.ActivityAsync<string>("unlucky", default(Unit)));
        var (id, lost) = ("", new List<DateTimeOffset>());
        for (var life = 1; life <= 3; life++)
        {
            var mortal = await TestEngine.StartMortalAsync(store, Register);
            if (life == 1) id = (await mortal.Client.StartAsync(Work, default).Soon()).Id;
            await mortal.TrickleAsync(probe.ReachedAsync($"attempt {life}"));
            await mortal.KillAsync();
            lost.Add(store.Clock.GetUtcNow());
        }
        probe.Open("attempt 4");

        await using var engine = await TestEngine.StartAsync(store, Register);
        Assert.Equal("attempt 4", await engine.TrickleAsync(engine.Client.Handle(id).ResultAsync<string>()));
        // Whoever comes next finds the loss no earlier than the worker was lost.
        Assert.InRange(begun[2] - lost[1], TimeSpan.FromSeconds(0.5), TimeSpan.MaxValue);
        Assert.InRange(begun[3] - lost[2], TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
    }

    [Theory, EveryStore]
    public async Task Stop_WhileABodyRuns_BeginsNoQueuedActivityAnyMore(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        Action<IPerdureBuilder> Worker(string worker) => builder => builder
            .AddActivity("slow", () => probe.HoldAsync("slow"))
            .AddActivity("flaky", async (Unit _, StepInfo info) =>
            {
                probe.Note($"{worker} flaky {info.Attempt}");
                if (info.Attempt > 1) return "done";
                await probe.HoldAsync("flaky");
                throw new TimeoutException("later");
            }, new() { Retry = RetryPolicy.Constant(TimeSpan.Zero) })
            .AddWorkflow(Work, static async (ctx, _) =>
            {
                var slow = ctx.ActivityAsync<Unit>("slow", default(Unit));
                var done = await ctx.ActivityAsync<string>("flaky", default(Unit));
                await slow;
                return done;
            });
        var first = await TestEngine.StartAsync(store, Worker("first"));
        var id = (await first.Client.StartAsync(Work, default).Soon()).Id;
        await first.TrickleAsync(Task.WhenAll(probe.ReachedAsync("slow"), probe.ReachedAsync("flaky")));

        var stop = first.StopAsync();
        probe.Open("flaky");
        // The failed attempt is recorded while the worker still waits for the other body.
        var failed = Waiting.UntilAsync(async () => (await first.Client.GetHistoryAsync(id)).Any(e => e.Kind == EventKind.ActivityFailed));
        await failed.Soon();
        probe.Open("slow");
        await stop;
        await first.DisposeAsync();

        await using var second = await TestEngine.StartAsync(store, Worker("second"));
        Assert.Equal("done", await second.TrickleAsync(second.Client.Handle(id).ResultAsync<string>()));
        Assert.Equal(["first flaky 1", "second flaky 2"], probe.Calls.Where(call => call.Contains("flaky ", StringComparison.Ordinal)));
    }
}
