using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets.GettingStarted;

// snippet
[Workflow("greeting")]
public sealed class GreetingWorkflow : Workflow<string, string>
{
    public static readonly WorkflowDefinition<string, string> Definition = new("greeting");

    public override async Task<string> RunAsync(WorkflowContext ctx, string name)
    {
        var page = await ctx.StepAsync("read-page", (IPages pages, CancellationToken ct) => pages.ReadAsync(name, ct));
        await ctx.SleepAsync("5s");
        return $"Hello {name}, your page has {page.Length} characters.";
    }
}
// end

internal static class Program
{
    public static async Task HostAsync(string[] args)
    {
        // snippet
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddSingleton<IPages, Pages>();
        builder.Services.AddPerdure()
            .UseSqlite("Data Source=hello.db")
            .AddWorkflow<GreetingWorkflow>();
        using var host = builder.Build();
        await host.StartAsync();

        var client = host.Services.GetRequiredService<IPerdureClient>();
        var run = await client.StartAsync(GreetingWorkflow.Definition, "Ann", new() { Key = "ann" });
        Console.WriteLine(await run.ResultAsync());

        await host.StopAsync();
        // end
    }

    public static async Task<string> EngineAsync()
    {
        // snippet
        var services = new ServiceCollection().AddSingleton<IPages, Pages>();
        services.AddPerdure().UseInMemory().AddWorkflow<GreetingWorkflow>();
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        var greeting = await engine.Client.RunAsync(GreetingWorkflow.Definition, "Ann");
        // end
        return greeting;
    }

    public static void Function(IPerdureBuilder builder)
    {
        // snippet
        builder.AddWorkflow("ping", async (WorkflowContext ctx, string who) =>
        {
            await ctx.SleepAsync("1s");
            return "pong " + who;
        });
        // end
    }

    private sealed class Pages : IPages
    {
        public Task<string> ReadAsync(string address, CancellationToken cancellationToken) => Task.FromResult("<html/>");
    }
}
