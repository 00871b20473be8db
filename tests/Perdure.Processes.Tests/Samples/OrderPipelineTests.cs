namespace Perdure.Processes.Tests.Samples;

/// <summary>The pipeline sample, as a user runs it.</summary>
public class OrderPipelineTests
{
    [Fact]
    public async Task A12_ItPrintsWhatItsReadmeShows()
    {
        var (exitCode, output) = await Child.RunAsync("OrderPipeline");

        Assert.True(exitCode == 0, output);
        Assert.Equal(Readme.LinesOf("OrderPipeline"), Readme.Lines(output));
    }
}
