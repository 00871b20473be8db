using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Hosting;

/// <summary>Whether stored errors keep their stack trace: as the option says, or else in Development only.</summary>
public class StackTraceTests
{
    [Theory]
    [InlineData(null, null, false)]
    [InlineData(null, "Production", false)]
    [InlineData(null, "Development", true)]
    [InlineData(false, "Development", false)]
    [InlineData(true, null, true)]
    public async Task StackTraces_AreStoredAsTheOptionSays_OrInDevelopment(bool? option, string? environment, bool stored)
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, builder =>
        {
            if (environment is not null) builder.Services.AddSingleton<IHostEnvironment>(new HostingEnvironment { EnvironmentName = environment });
            builder
                .AddWorkflow("fail", async (WorkflowContext ctx, Unit _) =>
                {
                    try
                    {
                        await ctx.StepAsync("step", ThrowAsync, new() { Retry = RetryPolicy.None });
                    }
                    catch (StepFailedException)
                    {
                        await ctx.ActivityAsync<Unit>("act", options: new() { Retry = RetryPolicy.None });
                    }
                })
                .AddActivity("act", () => ThrowAsync(CancellationToken.None));
        }, o => o.StoreStackTraces = option);
        var run = await engine.Client.StartAsync("fail", default(Unit)).Soon();
        await Assert.ThrowsAsync<RunFailedException>(() => engine.TrickleAsync(run.WaitAsync()));

        var info = await run.GetAsync(RunInclude.Steps);
        foreach (var step in info.Steps!)
        {
            if (stored) Assert.Contains(nameof(ThrowAsync), step.Error!.Stack, StringComparison.Ordinal);
            else Assert.Null(step.Error!.Stack);
        }
        Assert.Equal(stored, info.Error!.Stack is not null);
        Assert.Equal(2, info.Steps!.Count);
    }

    private static Task<int> ThrowAsync(CancellationToken ct) => throw new InvalidOperationException("broken");
}
