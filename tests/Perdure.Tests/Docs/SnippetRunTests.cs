using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Docs.Snippets;
using Perdure.Tests.Docs.Snippets.Activities;
using Perdure.Tests.Docs.Snippets.Cancelling;
using Perdure.Tests.Docs.Snippets.Errors;
using Perdure.Tests.Docs.Snippets.Modes;
using Perdure.Tests.Docs.Snippets.Readme;
using Perdure.Tests.Docs.Snippets.Steps;
using Perdure.Tests.Docs.Snippets.Waiting;

namespace Perdure.Tests.Docs;

/// <summary>What the documents show does what they say.</summary>
public sealed class SnippetRunTests
{
    private static readonly Order Small = new("O-1", "ann@example.org", 10m);
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task GettingStarted_Engine_Greets() =>
        Assert.Equal("Hello Ann, your page has 7 characters.", await Snippets.GettingStarted.Program.EngineAsync());

    [Fact]
    public async Task Readme_LargeOrderThatIsRefused_IsRefunded()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<OrderWorkflow>());
        var run = await shop.Client.StartAsync(OrderWorkflow.Definition, Small with { Total = 5_000m });
        await run.SignalAsync(OrderWorkflow.Approved, false);
        Assert.Equal("refused", await run.ResultAsync(Long));
        Assert.Equal(["charge O-1", "refund pay-O-1"], shop.Effects);
    }

    [Fact]
    public async Task Steps_RunToTheirEnd()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<StepsWorkflow>());
        Assert.InRange(await shop.Client.RunAsync(StepsWorkflow.Definition, Small), 1, int.MaxValue);
        Assert.Contains("mail ann@example.org: page /terms", shop.Effects);
    }

    [Fact]
    public async Task Activities_RunInTheirQueue()
    {
        await using var shop = await Shop.OpenAsync(
            builder => builder.AddWorkflow<GalleryWorkflow>().AddActivities<IThumbnails, Thumbnails>()
                .AddActivity("resize-image", (Snippets.Activities.Register.Image image) => Task.FromResult($"{image.Path}-{image.Width}")),
            options => options.Queue("default").Queue("images"));
        Assert.Equal("photo.jpg-3200", await shop.Client.RunAsync(GalleryWorkflow.Definition, "a.jpg"));
    }

    [Fact]
    public async Task Onboarding_SignalBeforeTheWait_IsTaken()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<OnboardingWorkflow>());
        var run = await shop.Client.StartAsync(OnboardingWorkflow.Definition, "ann@example.org");
        await run.SignalAsync(OnboardingWorkflow.Clicked, "link", messageId: "click-1");
        Assert.True(await run.ResultAsync(Long));
    }

    [Fact]
    public async Task Decision_Approved_TellsWho()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<DecisionWorkflow>());
        var run = await shop.Client.StartAsync(DecisionWorkflow.Definition, default);
        await run.SignalAsync(DecisionWorkflow.Approved, "ann");
        Assert.Equal("approved by ann", await run.ResultAsync(Long));
        Assert.Equal("waiting for a decision", await run.ReadAsync(DecisionWorkflow.Stage));
    }

    [Fact]
    public async Task Reservation_Cancelled_Refunds()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<ReservationWorkflow>());
        var run = await shop.Client.StartAsync(ReservationWorkflow.Definition, Small);
        await shop.WaitForAsync("charge O-1");
        await Snippets.Cancelling.Callers.CancelAsync(shop.Client, run.Id);
        var cancelled = await Assert.ThrowsAsync<RunCancelledException>(() => run.ResultAsync(Long));
        Assert.Equal("the customer called", cancelled.Reason);
        Assert.Equal(["charge O-1", "refund pay-O-1"], shop.Effects);
    }

    [Fact]
    public async Task Errors_DeclinedCard_FailsWithTheWorkflowsCode()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<ChargeWorkflow>());
        var run = await shop.Client.StartAsync(ChargeWorkflow.Definition, Small with { Id = "declined" });
        Assert.Equal("Please use another card.", await Snippets.Errors.Callers.WaitAsync(run));
        Assert.Contains("mail ann@example.org: Your card was declined.", shop.Effects);
    }

    [Fact]
    public async Task Modes_RunToTheirEnd()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<ModesWorkflow>());
        Assert.Equal("sent", await shop.Client.RunAsync(ModesWorkflow.Definition, Small));
    }

    [Fact]
    public async Task Starting_TheSameKeyTwice_FindsTheRun()
    {
        await using var shop = await Shop.OpenAsync(builder => builder.AddWorkflow<OrderWorkflow>());
        var first = await Snippets.Starting.Callers.StartAsync(shop.Client, Small);
        Assert.Equal(first, await Snippets.Starting.Callers.StartAsync(shop.Client, Small));
        await Snippets.Starting.Callers.FindAsync(shop.Client, Small);
    }

    /// <summary>An engine in memory, and services that write down what they did.</summary>
    private sealed class Shop : IPayments, IMail, IPages, IAsyncDisposable
    {
        private readonly List<string> _effects = [];
        private readonly SemaphoreSlim _changed = new(0);
        private ServiceProvider _provider = null!;
        private PerdureEngine _engine = null!;

        public IPerdureClient Client => _engine.Client;

        public string[] Effects
        {
            get
            {
                lock (_effects) return [.. _effects];
            }
        }

        public static async Task<Shop> OpenAsync(Action<IPerdureBuilder> register, Action<PerdureOptions>? configure = null)
        {
            var shop = new Shop();
            var services = new ServiceCollection().AddSingleton<IPayments>(shop).AddSingleton<IMail>(shop).AddSingleton<IPages>(shop);
            register(services.AddPerdure(configure).UseInMemory());
            shop._provider = services.BuildServiceProvider();
            shop._engine = await PerdureEngine.StartAsync(shop._provider);
            return shop;
        }

        public async Task WaitForAsync(string effect)
        {
            while (!Effects.Contains(effect)) Assert.True(await _changed.WaitAsync(Long), $"'{effect}' did not happen.");
        }

        public Task<string> ChargeAsync(Order order, string idempotencyKey, CancellationToken cancellationToken)
        {
            if (order.Id == "declined") throw new CardDeclinedException("No money.");
            Note($"charge {order.Id}");
            return Task.FromResult("pay-" + order.Id);
        }

        public Task RefundAsync(string payment, CancellationToken cancellationToken) => Note($"refund {payment}");

        public Task SendAsync(string to, string text, CancellationToken cancellationToken) => Note($"mail {to}: {text}");

        public Task<string> ReadAsync(string address, CancellationToken cancellationToken) => Task.FromResult("page " + address);

        public async ValueTask DisposeAsync()
        {
            await _engine.DisposeAsync();
            await _provider.DisposeAsync();
            _changed.Dispose();
        }

        private Task Note(string effect)
        {
            lock (_effects) _effects.Add(effect);
            _changed.Release();
            return Task.CompletedTask;
        }
    }
}
