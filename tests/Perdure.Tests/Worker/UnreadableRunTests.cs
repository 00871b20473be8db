using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Worker;

/// <summary>A run whose stored history is damaged is blocked with the reason; its operator can end and delete it.</summary>
public class UnreadableRunTests
{
    private static readonly WorkflowDefinition<int, int> Work = new("work");

    public static TheoryData<string> Damages => ["altered", "cut", "gap"];

    [Theory, MemberData(nameof(Damages))]
    public async Task DamagedHistory_BlocksTheRun_WhichCanBeTerminatedAndDeleted(string damage)
    {
        MemoryStore? memory = null;
        using var store = new TestStore(StoreKind.Memory) { Wrap = inner => memory = (MemoryStore)inner };
        void Register(IPerdureBuilder builder) => builder.AddWorkflow(Work, async (ctx, number) =>
        {
            var first = await ctx.StepAsync("first", () => Task.FromResult(number));
            await ctx.SleepAsync(TimeSpan.FromHours(1));
            return first;
        });
        string id;
        await using (var before = await TestEngine.StartAsync(store, Register))
        {
            var started = await before.Client.StartAsync(Work, 1).Soon();
            await started.WaitsForAsync("timer");
            id = started.Id;
            await before.StopAsync();
        }
        var run = memory!.Runs.Find(id)!;
        Damage(run.History, damage);

        await using var engine = await TestEngine.StartAsync(store, Register);
        var handle = engine.Client.Handle<int>(id);
        await engine.AdvanceUntilAsync(async () => await handle.StatusAsync() == RunStatus.Blocked, TimeSpan.FromHours(1));
        Assert.Equal("CorruptHistory", (await handle.GetAsync()).BlockedReason);
        var stored = run.History.ToArray();

        // Resuming does not help, and does no harm.
        await engine.Client.ResumeAsync(id).Soon();
        await engine.PassAsync();
        await handle.BecomesAsync(RunStatus.Blocked);
        Assert.Equal("CorruptHistory", (await handle.GetAsync()).BlockedReason);
        Assert.Equal(stored, run.History);

        await handle.TerminateAsync("beyond repair").Soon();
        await handle.BecomesAsync(RunStatus.Terminated);
        Assert.Equal("beyond repair", (await handle.GetAsync()).Error!.Message);
        Assert.Equal(stored, run.History.Take(stored.Length));
        await engine.Client.DeleteAsync(id).Soon();
        await Assert.ThrowsAsync<RunNotFoundException>(() => handle.GetAsync());
    }

    private static void Damage(List<EventBatch> history, string how)
    {
        var last = history[^1];
        switch (how)
        {
            case "altered":
                var bytes = last.Bytes.ToArray();
                bytes[^6] ^= 1;
                history[^1] = last with { Bytes = bytes };
                break;
            case "cut":
                history[^1] = last with { Bytes = last.Bytes[..^3] };
                break;
            default:
                history.RemoveAt(0);
                break;
        }
    }
}
