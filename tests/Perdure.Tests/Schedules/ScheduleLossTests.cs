using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Schedules;

/// <summary>Schedules whose workers die.</summary>
public class ScheduleLossTests
{
    private static readonly WorkflowDefinition<string, string> Job = new("job");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task L5_ThreeWorkersThatAreKilledAtRandom_StartEveryMinuteOfAnHourOnce(int seed)
    {
        var random = new Random(seed);
        using var store = new TestStore(StoreKind.Memory);
        var workers = new List<TestEngine>();
        for (var i = 0; i < 3; i++) workers.Add(await StartAsync(store));
        await workers[0].Client.Schedules.CreateAsync("tick", ScheduleTimes.Cron("* * * * *"), Job, "go", new() { CatchUp = ScheduleCatchUp.All, Overlap = ScheduleOverlap.AllowAll }).Soon();
        var begin = store.Clock.GetUtcNow();

        var kills = 0;
        while (store.Clock.GetUtcNow() - begin < TimeSpan.FromMinutes(60))
        {
            if (random.Next(6) == 0)
            {
                var victim = random.Next(workers.Count);
                await workers[victim].KillAsync();
                workers[victim] = await StartAsync(store);
                kills++;
            }
            await workers[random.Next(workers.Count)].AdvanceAsync(TimeSpan.FromSeconds(random.Next(5, 40)));
        }
        var due = (int)(store.Clock.GetUtcNow() - begin).TotalMinutes;
        await workers[0].TrickleAsync(Waiting.UntilAsync(async () =>
            (await workers[0].Client.ListAsync(new RunFilter { Workflow = "job", Statuses = [RunStatus.Completed], Limit = 1000 })).Runs.Count >= due));

        var runs = (await workers[0].Client.ListAsync(new RunFilter { Workflow = "job", Limit = 1000 })).Runs;
        var times = runs.Select(static run => run.Id).Order(StringComparer.Ordinal).ToList();
        Assert.InRange(kills, 3, 60);
        // One run for each nominal time, which its id names; the latest minute may have come while the last ones were awaited.
        Assert.Equal(times.Distinct(StringComparer.Ordinal), times);
        for (var minute = 1; minute <= due; minute++) Assert.Contains($"tick@{begin.AddMinutes(minute):yyyy-MM-ddTHH:mm:00Z}", times);
        Assert.InRange(times.Count, due, due + 1);
        foreach (var worker in workers) await worker.DisposeAsync();
    }

    private static Task<TestEngine> StartAsync(TestStore store) =>
        TestEngine.StartMortalAsync(store, static builder => builder.AddWorkflow(Job, static (ctx, input) => ctx.StepAsync("work", () => Task.FromResult(input))));
}
