namespace Perdure.Simulation.Tests;

/// <summary>
/// The moments at which a crash hurts most, by name. The sweep strikes there too, among thousands of others; here it is certain that each of them is met.
/// </summary>
public sealed class CrashMomentTests
{
    public static TheoryData<string, string, string, string> Moments => new()
    {
        { "after the commit that asks for an activity", "activity on another worker", nameof(StoreCall.CommitGroup), nameof(Moment.After) },
        { "after a claim", "activity on another worker", nameof(StoreCall.ClaimTasks), nameof(Moment.After) },
        { "after the execution, before its result is stored", "activity on another worker", nameof(StoreCall.CompleteTasks), nameof(Moment.Before) },
        { "after the result, before the run is awake", "activity on another worker", nameof(StoreCall.CompleteTasks), nameof(Moment.After) },
        { "after the decision to suspend, before it is stored", "timer in the store", nameof(StoreCall.CommitGroup), nameof(Moment.Before) },
        { "after a child's end, before its parent knows", "child ends while nobody has its parent", nameof(StoreCall.CommitGroup), nameof(Moment.After) },
        { "after an answer that got lost, before it is asked for again", "activity on another worker", nameof(StoreCall.CompleteTasks), nameof(Moment.Unanswered) },
    };

    [Theory]
    [MemberData(nameof(Moments))]
    public void M7_KilledThere_TheRunComesToItsEnd(string moment, string story, string call, string when)
    {
        var scenario = Assert.Single(Scenarios.All, scenario => scenario.Name == story);
        var calm = ScenarioEpisode.Tell(scenario);
        var points = calm.Calls.Where(static process => process.Key.StartsWith('n'))
            .SelectMany(process => process.Value.Index().Where(made => made.Item == Enum.Parse<StoreCall>(call))
                .Select(made => new CrashPoint(process.Key, made.Index, Enum.Parse<Moment>(when), Blow.Crash)))
            .ToList();
        Assert.True(points.Count > 0, $"No worker of \"{story}\" can be killed {moment}.");
        foreach (var point in points)
        {
            var outcome = ScenarioEpisode.Tell(scenario, point);
            Assert.True(outcome.Struck == Enum.Parse<StoreCall>(call), $"{point} did not fall {moment}.");
            Assert.True(outcome.Violation is null, $"Killed {moment} ({point}): {outcome.Violation}");
        }
    }
}
