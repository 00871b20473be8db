namespace Perdure.Simulation.Tests;

/// <summary>Runs that an operator retries: another life of the same run, whatever is left of the one before.</summary>
public sealed class ReopeningStories
{
    [Fact]
    public void I08_RunReopenedBeforeItsOwnerKnowsThatItHasEnded_IsInMemoryOnce()
    {
        for (ulong seed = 1; seed <= 100; seed++)
        {
            var planner = new HookedPlanner(seed);
            var stage = new Stage(seed, planner);
            stage.Node(Stage.Settings with { Lease = TimeSpan.FromSeconds(10) });
            var isSilent = false;
            // The commit that ends the run is executed and never answered. Its worker claims the run again while it still waits for the answer.
            planner.Fate = (_, call) =>
            {
                if (isSilent || call != StoreCall.CommitGroup || stage.Bodies("a") is not [{ EndOrder: > 0 }]) return CallFate.Answered;
                isSilent = true;
                return CallFate.Silent;
            };
            stage.Client(Stage.Start(Act.Then(Act.Step("a", failing: 1, tries: 1), Act.Step("b", 300))));
            stage.Client(new RetryOp { Run = "r", At = Stage.Ms(10) });
            stage.Until(() => stage.Bodies("b") is [{ EndOrder: > 0 }, ..] && stage.IsClosed());
            stage.Pass(TimeSpan.FromSeconds(3));
            stage.Finish();
            Assert.True(isSilent, "inconclusive: the answer was not lost");
            Assert.Equal([1, 2], stage.Bodies("a").Select(static body => body.Attempt));
            Assert.Single(stage.Bodies("b"));
            Assert.Equal(RunStatus.Completed, stage.Status());
        }
    }
}
