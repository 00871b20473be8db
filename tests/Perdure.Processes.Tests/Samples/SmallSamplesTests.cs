namespace Perdure.Processes.Tests.Samples;

/// <summary>Samples of one feature each, as a user runs them.</summary>
public class SmallSamplesTests
{
    [Theory]
    [InlineData("Children")]
    [InlineData("Schedules")]
    public async Task Sample_PrintsWhatItsReadmeShows(string sample)
    {
        var (exitCode, output) = await Child.RunAsync(sample);

        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf(sample), Readme.Lines(output));
    }
}
