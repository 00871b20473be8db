using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Losses;

/// <summary>Steps that are not of the ordinary kind, when their process dies.</summary>
public class StepModeTests
{
    [Theory, EveryStore]
    public async Task AtMostOnce_IsRecordedAsBegunBeforeItsBody_AndItsOutcomeIsUnknownAfterALoss(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        IPerdureClient? client = null;
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("charge", async (WorkflowContext ctx, Unit _) =>
        {
            try
            {
                return await ctx.StepAsync("charge", async (StepInfo info) =>
                {
                    foreach (var e in await client!.GetHistoryAsync(info.RunId)) probe.Note($"{e.Kind} {e.Name} {e.Attempt}");
                    await probe.HoldAsync("charging");
                    return "charged";
                }, new() { Mode = StepMode.AtMostOnce });
            }
            catch (StepOutcomeUnknownException unknown)
            {
                return await ctx.StepAsync("look", () => Task.FromResult(unknown.Code));
            }
        });
        var first = await TestEngine.StartMortalAsync(store, Register);
        client = first.Client;
        var id = (await first.Client.StartAsync("charge", default(Unit)).Soon()).Id;
        await first.TrickleAsync(probe.ReachedAsync("charging"));
        Assert.Contains("StepStarted charge 1", probe.Calls);
        await first.KillAsync();

        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal(ErrorCodes.StepOutcomeUnknown, await second.TrickleAsync(second.Client.Handle(id).ResultAsync<string>()));
        Assert.Equal(1, probe.Count("charging"));
        Assert.Single(await second.Client.GetHistoryAsync(id, kinds: [EventKind.StepStarted]));
    }

    [Theory, EveryStore]
    public async Task Deferred_RepeatedAfterALoss_HasTheSameIdempotencyKeyAndANewAttempt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("deferred", async (WorkflowContext ctx, Unit _) =>
        {
            StepOptions deferred = new() { Durability = StepDurability.Deferred };
            var a = await ctx.StepAsync("a", (StepInfo info) => probe.NoteAsync($"a {info.IdempotencyKey} {info.Attempt}", info.Attempt), deferred);
            return a + await ctx.StepAsync("b", async (StepInfo info) =>
            {
                await probe.HoldAsync($"b {info.IdempotencyKey}");
                return info.Attempt;
            }, deferred);
        });
        var first = await TestEngine.StartMortalAsync(store, Register);
        var id = (await first.Client.StartAsync("deferred", default(Unit)).Soon()).Id;
        await first.TrickleAsync(Waiting.UntilAsync(() => probe.Calls.Length == 2));
        // The outcome of the first was waiting for the run's next commit.
        Assert.Empty(await first.Client.GetHistoryAsync(id, kinds: [EventKind.StepCompleted]));
        await first.KillAsync();

        var calls = probe.Calls;
        probe.Open(calls[1]);
        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal(4, await second.TrickleAsync(second.Client.Handle(id).ResultAsync<int>()));
        Assert.EndsWith(" 1", calls[0], StringComparison.Ordinal);
        Assert.Equal([.. calls, calls[0][..^1] + "2", calls[1]], probe.Calls);
    }

    [Theory, EveryStore]
    public async Task Deferred_ABacklogOfSixtyFourOutcomes_IsWritten(StoreKind kind)
    {
        const int Steps = 70;
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder) => builder.AddWorkflow("deferred", async (WorkflowContext ctx, Unit _) =>
        {
            StepOptions deferred = new() { Durability = StepDurability.Deferred };
            var sum = 0;
            for (var i = 0; i < Steps; i++)
            {
                var step = i;
                sum += await ctx.StepAsync("step", () => probe.NoteAsync("step " + step, 1), deferred);
            }
            await ctx.StepAsync("last", () => probe.HoldAsync("last"), deferred);
            return sum;
        });
        var first = await TestEngine.StartMortalAsync(store, Register);
        var id = (await first.Client.StartAsync("deferred", default(Unit)).Soon()).Id;
        await first.TrickleAsync(probe.ReachedAsync("last"));
        var written = (await first.Client.GetHistoryAsync(id, kinds: [EventKind.StepCompleted])).Count;
        Assert.Equal(PerdureDefaults.DeferredBacklog, written);
        await first.KillAsync();

        probe.Open("last");
        await using var second = await TestEngine.StartAsync(store, Register);
        Assert.Equal(Steps, await second.TrickleAsync(second.Client.Handle(id).ResultAsync<int>()));
        for (var i = 0; i < Steps; i++) Assert.Equal(i < written ? 1 : 2, probe.Count("step " + i));
    }
}
