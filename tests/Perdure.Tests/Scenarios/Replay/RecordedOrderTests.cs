using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Replay;

/// <summary>Which of two parallel steps ended first is decided once.</summary>
public class RecordedOrderTests
{
    [Theory, EveryStore]
    public async Task B7_TheBranchThatWasTakenIsTakenOnEachOfAHundredReplays(StoreKind store)
    {
        var seen = new Probe();
        var gates = new Probe();
        await using var engine = await TestEngine.StartAsync(store, builder => builder.AddWorkflow("race", async (WorkflowContext ctx, int number) =>
        {
            async Task<string> HeldAsync(string name)
            {
                await gates.HoldAsync($"{name} {number}");
                return name;
            }
            var x = ctx.StepAsync("X", () => HeldAsync("X"));
            var y = ctx.StepAsync("Y", () => HeldAsync("Y"));
            var winner = await Task.WhenAny(x, y);
            var branch = $"{number} {await winner} won";
            seen.Note(branch);
            await Task.WhenAll(x, y);
            for (var i = 0; i < 10; i++) await ctx.SleepAsync("10s");
            return branch;
        }));
        var random = new Random(7);
        string[] winners = [.. Enumerable.Range(0, 10).Select(_ => random.Next(2) == 0 ? "X" : "Y")];
        var runs = new RunHandle[winners.Length];
        for (var i = 0; i < winners.Length; i++)
        {
            runs[i] = await engine.Client.StartAsync("race", i).Soon();
            await gates.ReachedAsync($"X {i}");
            await gates.ReachedAsync($"Y {i}");
            gates.Open($"{winners[i]} {i}");
            await seen.ReachedAsync($"{i} {winners[i]} won");
            gates.Open($"{(winners[i] == "X" ? "Y" : "X")} {i}");
            await runs[i].WaitsForAsync("timer");
        }

        for (var round = 1; round <= 10; round++)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(10));
            for (var i = 0; i < winners.Length; i++) await engine.TrickleAsync(seen.ReachedAsync($"{i} {winners[i]} won", times: round + 1));
            for (var i = 0; i < winners.Length && round < 10; i++) await runs[i].WaitsForAsync("timer");
        }

        for (var i = 0; i < winners.Length; i++) Assert.Equal($"{i} {winners[i]} won", await engine.TrickleAsync(runs[i].ResultAsync<string>()));
        Assert.Contains("X", winners);
        Assert.Contains("Y", winners);
        // The first time and ten replays of each; not one of them took the other branch.
        Assert.Equal(winners.Length * 11, seen.Calls.Length);
        Assert.Equal(winners.Length, seen.Calls.Distinct().Count());
        // Each body ran once.
        Assert.Equal(winners.Length * 2, gates.Calls.Length);
    }
}
