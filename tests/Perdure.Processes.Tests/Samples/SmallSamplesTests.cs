namespace Perdure.Processes.Tests.Samples;

/// <summary>Samples of one feature each, as a user runs them.</summary>
public class SmallSamplesTests
{
    [Theory]
    [InlineData("AgentLoop")]
    [InlineData("Children")]
    [InlineData("ContinueAsNew")]
    [InlineData("DocumentApproval")]
    [InlineData("FanOut")]
    [InlineData("HumanApproval")]
    [InlineData("Saga")]
    [InlineData("Schedules")]
    [InlineData("Transient")]
    public async Task Sample_PrintsWhatItsReadmeShows(string sample)
    {
        var (exitCode, output) = await Child.RunAsync(sample);

        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf(sample), Readme.Lines(output));
    }
}
