using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Perdure.Storage.Memory;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Hosting;

/// <summary>The engine in a generic host, and without one.</summary>
public class HostedServiceTests
{
    private static readonly WorkflowDefinition<string, string> Greet = new("greet");

    private static void Register(IPerdureBuilder builder, Probe probe) =>
        builder.AddWorkflow(Greet, (ctx, name) => ctx.StepAsync("greet", () => probe.NoteAsync("greet", "Hello, " + name)));

    [Fact]
    public async Task WorkIsTakenOnlyOnceTheApplicationHasStarted()
    {
        var probe = new Probe();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        Register(builder.Services.AddPerdure().UseInMemory(), probe);
        builder.Services.AddHostedService(services => new SlowStarter(services.GetRequiredService<IPerdureClient>(), probe));
        using var host = builder.Build();

        var starting = host.StartAsync();
        // The client works while the host starts, the worker does not.
        await probe.ReachedAsync("client works");
        Assert.False(starting.IsCompleted);
        Assert.Equal(0, probe.Count("greet"));
        probe.Open("start");
        await starting.Soon();

        var run = await host.Services.GetRequiredService<IPerdureClient>().GetByKeyAsync("early");
        Assert.Equal("Hello, early", await host.Services.GetRequiredService<IPerdureClient>().Handle<string>(run.Id).ResultAsync().Soon());
        await host.StopAsync().Soon();
    }

    [Fact]
    public async Task StoppingAHost_LetsBodiesFinishWithinTheGraceTime()
    {
        var probe = new Probe();
        var store = new MemoryStore(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPerdure().UseStore(_ => store)
            .AddWorkflow("hold", async (WorkflowContext ctx, Unit _) =>
            {
                await ctx.StepAsync("hold", () => probe.HoldAsync("hold"));
                return await ctx.StepAsync("next", () => probe.NoteAsync("next", 1));
            });
        using var host = builder.Build();
        await host.StartAsync().Soon();
        var run = await host.Services.GetRequiredService<IPerdureClient>().StartAsync("hold", default(Unit)).Soon();
        await probe.ReachedAsync("hold");

        var stopping = host.StopAsync();
        probe.Open("hold");
        await stopping.Soon();

        var kept = await store.ReadRunAsync(new(Id: run.Id), CancellationToken.None);
        Assert.Equal(0, kept!.Owner);
        Assert.Contains((await run.GetAsync(RunInclude.Steps)).Steps!, step => step is { Name: "hold", Status: RunStepStatus.Completed });
        Assert.Equal(0, probe.Count("next"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StoppingAHost_WhoseOtherServicesTakeLong_GivesTheRunBackMeanwhile(bool bySignal)
    {
        var probe = new Probe();
        var store = new MemoryStore(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPerdure().UseStore(_ => store)
            .AddWorkflow("hold", async (WorkflowContext ctx, Unit _) =>
            {
                await ctx.StepAsync("hold", () => probe.HoldAsync("hold"));
                return await ctx.StepAsync("next", () => probe.NoteAsync("next", 1));
            });
        // What is added later is stopped before.
        builder.Services.AddHostedService(_ => new SlowStopper(probe));
        using var host = builder.Build();
        await host.StartAsync().Soon();
        var client = host.Services.GetRequiredService<IPerdureClient>();
        var run = await client.StartAsync("hold", default(Unit)).Soon();
        await probe.ReachedAsync("hold");

        // As the host's own handler of signals does.
        if (bySignal) host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var stopping = bySignal ? Task.CompletedTask : host.StopAsync();
        if (!bySignal) await probe.ReachedAsync("stop");
        probe.Open("hold");
        await Waiting.UntilAsync(async () => (await store.ReadRunAsync(new(Id: run.Id), CancellationToken.None))!.Owner == 0);
        var late = await client.StartAsync("hold", default(Unit)).Soon();

        Assert.Equal(RunStatus.Pending, await late.StatusAsync());
        Assert.Equal((1, 0), (probe.Count("hold"), probe.Count("next")));
        probe.Open("stop");
        await stopping.Soon();
        await host.StopAsync().Soon();
    }

    [Fact]
    public async Task WhenTheHostRunsOutOfTime_TheGraceTimeEndsEarly()
    {
        var probe = new Probe();
        var store = new MemoryStore(TimeProvider.System);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPerdure(o => o.ShutdownGrace = TimeSpan.FromHours(1)).UseStore(_ => store)
            .AddWorkflow("hang", (WorkflowContext ctx, Unit _) => ctx.StepAsync("hang", async ct =>
            {
                ct.Register(() => probe.Note("token"));
                await probe.HoldAsync("hang", ct);
                return 1;
            }));
        using var host = builder.Build();
        await host.StartAsync().Soon();
        var run = await host.Services.GetRequiredService<IPerdureClient>().StartAsync("hang", default(Unit)).Soon();
        await probe.ReachedAsync("hang");

        await host.StopAsync(new CancellationToken(canceled: true)).Soon();

        Assert.Equal(0, (await store.ReadRunAsync(new(Id: run.Id), CancellationToken.None))!.Owner);
        await probe.ReachedAsync("token");
        // The attempt was refunded, not lost.
        Assert.Equal(0, (await store.ReadRunAsync(new(Id: run.Id), CancellationToken.None))!.Losses);
    }

    [Fact]
    public async Task AddPerdure_CalledAgainGoesOnWithTheSameEngine()
    {
        var probe = new Probe();
        var services = new ServiceCollection();
        services.AddPerdure(o => o.MaxResidentRuns = 7).UseInMemory();
        Register(services.AddPerdure(o => o.MaxConcurrentSteps = 3), probe);
        services.AddPerdureClient();
        Assert.Single(services, service => service.ServiceType == typeof(IHostedService));
        await using var provider = services.BuildServiceProvider();
        var options = provider.GetRequiredService<Microsoft.Extensions.Options.IOptions<PerdureOptions>>().Value;
        Assert.Equal((7, 3), (options.MaxResidentRuns, options.MaxConcurrentSteps));
        await using var engine = await PerdureEngine.StartAsync(provider);

        Assert.Equal("Hello, Ann", await engine.Client.RunAsync(Greet, "Ann").Soon());
    }

    [Fact]
    public async Task WithoutAHost_AnEngineIsStartedAndStoppedByHand()
    {
        var probe = new Probe();
        var services = new ServiceCollection();
        Register(services.AddPerdure().UseInMemory(), probe);
        await using var provider = services.BuildServiceProvider();
        RunHandle<string> waiting;
        await using (var engine = await PerdureEngine.StartAsync(provider))
        {
            Assert.Same(provider.GetRequiredService<IPerdureClient>(), engine.Client);
            Assert.Equal("Hello, Ann", await engine.Client.RunAsync(Greet, "Ann").Soon());
            await engine.StopAsync().Soon();
            waiting = await engine.Client.StartAsync(Greet, "Bob").Soon();
        }

        // The client goes on; nobody works.
        Assert.Equal(RunStatus.Pending, await waiting.StatusAsync());
        Assert.Equal(["greet"], probe.Calls);
    }

    [Fact]
    public async Task PerdureEngine_NeedsAWorker()
    {
        await using var nothing = new ServiceCollection().BuildServiceProvider();
        await Assert.ThrowsAsync<InvalidOptionException>(() => PerdureEngine.StartAsync(nothing));
        await using var client = new ServiceCollection().AddPerdureClient().UseInMemory().Services.BuildServiceProvider();
        await Assert.ThrowsAsync<InvalidOptionException>(() => PerdureEngine.StartAsync(client));
    }

    [Fact]
    public async Task AProviderThatIsDisposedWithoutAwait_StopsTheWorker()
    {
        var probe = new Probe();
        var store = new MemoryStore(TimeProvider.System);
        var services = new ServiceCollection();
        Register(services.AddPerdure().UseStore(_ => store), probe);
        var provider = services.BuildServiceProvider();
        var engine = await PerdureEngine.StartAsync(provider);
        await engine.Client.RunAsync(Greet, "Ann").Soon();

        provider.Dispose();

        var birth = await engine.Client.StartAsync(Greet, "Bob").Soon();
        Assert.Equal(RunStatus.Pending, (await store.ReadRunAsync(new(Id: birth.Id), CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task StepsActivitiesAndWorkflowsGetTheirServices()
    {
        var services = new ServiceCollection();
        services.AddScoped<Greeter>();
        services.AddPerdure().UseInMemory().AddWorkflow<Polite>().AddActivities<IManners, Manners>();
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true });
        await using var engine = await PerdureEngine.StartAsync(provider);

        Assert.Equal("Dear Ann, Hello Ann! (2)", await engine.Client.RunAsync(Polite.Definition, "Ann").Soon());
    }

    private sealed class SlowStarter(IPerdureClient client, Probe probe) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            await client.StartAsync(Greet, "early", new() { Key = "early" }, cancellationToken);
            probe.Note("client works");
            await probe.HoldAsync("start", cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class SlowStopper(Probe probe) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => probe.HoldAsync("stop", CancellationToken.None);
    }

    /// <summary>Counts the scopes that it was made in.</summary>
    public sealed class Greeter
    {
        private static int _made;

        public int Number { get; } = Interlocked.Increment(ref _made);

        public string Greet(string name) => "Hello " + name + "!";
    }

    public interface IManners
    {
        Task<string> AddressAsync(string name);
    }

    public sealed class Manners(Greeter greeter) : IManners
    {
        public Task<string> AddressAsync(string name) => Task.FromResult(greeter.Number > 0 ? "Dear " + name : "");
    }

    [Workflow("polite")]
    public sealed class Polite : Workflow<string, string>
    {
        public static readonly WorkflowDefinition<string, string> Definition = new("polite");

        public override async Task<string> RunAsync(WorkflowContext ctx, string name)
        {
            ArgumentNullException.ThrowIfNull(ctx);
            var first = await ctx.StepAsync("number", (Greeter greeter) => Task.FromResult(greeter.Number));
            var (second, greeting) = await ctx.StepAsync("greet", (Greeter greeter) => Task.FromResult((greeter.Number, greeter.Greet(name))));
            return $"{await ctx.Activities<IManners>().AddressAsync(name)}, {greeting} ({second - first + 1})";
        }
    }
}
