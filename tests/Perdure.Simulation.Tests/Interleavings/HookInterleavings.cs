using Perdure.Storage;

namespace Perdure.Simulation.Tests;

/// <summary>Answers that race with the end of a hook's time.</summary>
public sealed class HookInterleavings
{
    [Fact]
    public void HookOfTwoAnswers_ExpiresBesideTheFirst_TheCodeGetsAnAcceptedAnswerBeforeItLearnsOfTheEnd()
    {
        var histories = new Dictionary<string, int>();
        for (ulong seed = 1; seed <= 600; seed++)
        {
            var stage = new Stage(seed);
            stage.Node();
            stage.Client(Stage.Start(Act.Then(Act.Hook("h", limitMs: 100, answers: 2), Act.Step("a"))));
            stage.Client(new AnswerOp { Run = "r", At = Stage.Ms(98 + seed % 15), Name = "h" });
            stage.Until(() => stage.IsClosed() && stage.Cluster.Clients.All(static client => client.IsIdle));
            stage.Finish();
            var history = string.Join(" ", stage.Run().Events.Select(static committed => committed.Event.Kind).Where(static kind => kind is EventKind.HookReceived or EventKind.HookExpired));
            histories[history] = histories.GetValueOrDefault(history) + 1;
        }
        Assert.Equal(["HookExpired", "HookReceived HookExpired"], histories.Keys.Order());
        Assert.True(histories.Values.Min() >= 50, $"inconclusive: {string.Join(", ", histories)}");
    }
}
