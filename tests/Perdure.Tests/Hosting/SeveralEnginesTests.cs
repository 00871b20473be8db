using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Hosting;

/// <summary>Several engines in one container: each has its own store, code, options and worker, and its services under its name.</summary>
public class SeveralEnginesTests
{
    private static readonly WorkflowDefinition<Unit, string> Who = new("who");

    [Fact]
    public async Task AddPerdure_WithNames_MakesEnginesThatKnowNothingOfEachOther()
    {
        var builder = Host.CreateApplicationBuilder();
        Add(builder.Services.AddPerdure(), "plain").AddWorkflow("extra", (WorkflowContext _, Unit _) => Task.FromResult(1));
        Add(builder.Services.AddPerdure("orders"), "orders");
        Add(builder.Services.AddPerdure("mails"), "mails");
        using var host = builder.Build();
        await host.StartAsync().Soon();

        var clients = new[] { null, "orders", "mails" }.Select(name => host.Services.GetRequiredKeyedService<IPerdureClient>(name)).ToArray();
        Assert.Same(clients[0], host.Services.GetRequiredService<IPerdureClient>());
        Assert.Equal(["plain", "orders", "mails"], await Task.WhenAll(clients.Select(client => client.RunAsync(Who, default, new() { Id = "same id" }).Soon())));
        Assert.Single((await clients[1].ListAsync()).Runs);
        Assert.Equal(1, await clients[0].RunAsync(new WorkflowDefinition<Unit, int>("extra"), default).Soon());
        await Assert.ThrowsAsync<UnknownWorkflowException>(() => clients[1].StartAsync("extra", default(Unit)));
        await host.StopAsync().Soon();
    }

    [Fact]
    public async Task AddPerdure_WithTheSameNameAgain_GoesOnWithThatEngine()
    {
        var services = new ServiceCollection();
        Add(services.AddPerdure("orders"), "orders");
        services.AddPerdure("orders").AddWorkflow("more", (WorkflowContext _, Unit _) => Task.FromResult(2));
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider, "orders");
        Assert.Equal(2, await engine.Client.RunAsync(new WorkflowDefinition<Unit, int>("more"), default).Soon());
        Assert.Same(engine.Client, provider.GetRequiredKeyedService<IPerdureClient>("orders"));
        Assert.Null(provider.GetService<IPerdureClient>());
        await Assert.ThrowsAsync<InvalidOptionException>(() => PerdureEngine.StartAsync(provider));
        Assert.Contains("'bills'", (await Assert.ThrowsAsync<InvalidOptionException>(() => PerdureEngine.StartAsync(provider, "bills"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_OfEachEngine_AreItsOwn_FromCodeAndFromItsSection()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Perdure:ClaimBatch"] = "7", ["Perdure:Engines:orders:ClaimBatch"] = "8", ["Perdure:Engines:orders:Queues:fast"] = "3",
        }).Build());
        services.AddPerdure(o => o.MaxResidentRuns = 1).UseInMemory();
        services.AddPerdure("orders", o => o.MaxResidentRuns = 2).UseInMemory();
        services.AddPerdureClient("mails").UseInMemory();
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<PerdureOptions>>();
        Assert.Equal((7, 1, 0), (options.CurrentValue.ClaimBatch, options.CurrentValue.MaxResidentRuns, options.CurrentValue.Queues.Count));
        Assert.Equal((8, 2, 3), (options.Get("orders").ClaimBatch, options.Get("orders").MaxResidentRuns, options.Get("orders").Queues["fast"]));
        Assert.Equal(PerdureDefaults.ClaimBatch, options.Get("mails").ClaimBatch);
        Assert.Null(provider.GetKeyedService<IPerdurePump>("mails"));
        Assert.NotNull(provider.GetKeyedService<IPerdurePump>("orders"));
    }

    [Fact]
    public void Options_OfANamedEngine_AreCheckedLikeAnyOther()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Perdure:Engines:orders:ClaimBach"] = "8" }).Build());
        services.AddPerdure("orders").UseInMemory();
        services.AddPerdure("bare");
        using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<IOptionsMonitor<PerdureOptions>>();
        Assert.Contains("ClaimBatch", Assert.Throws<InvalidOptionException>(() => options.Get("orders")).Message, StringComparison.Ordinal);
        Assert.Equal("store", Assert.Throws<InvalidOptionException>(() => options.Get("bare")).Option);
        Assert.Throws<InvalidOptionException>(() => services.AddPerdure(""));
    }

    private static IPerdureBuilder Add(IPerdureBuilder builder, string answer) =>
        builder.UseInMemory().AddWorkflow(Who, (ctx, _) => ctx.StepAsync("answer", () => Task.FromResult(answer)));
}
