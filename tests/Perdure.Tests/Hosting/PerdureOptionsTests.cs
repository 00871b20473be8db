using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Perdure.Tests.Hosting;

/// <summary>Options: from code, configuration and environment; what cannot be is refused when the host starts.</summary>
public class PerdureOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfPerdureDefaults()
    {
        var options = Read([]);

        Assert.Equal(PerdureDefaults.WorkerLease, options.Lease);
        Assert.Equal(PerdureDefaults.PollInterval, options.PollInterval);
        Assert.Equal(PerdureDefaults.MaxResidentRuns, options.MaxResidentRuns);
        Assert.Equal(PerdureDefaults.ClaimBatch, options.ClaimBatch);
        Assert.Equal(PerdureDefaults.MaxConcurrentSteps, options.MaxConcurrentSteps);
        Assert.Equal(PerdureDefaults.ShutdownGrace, options.ShutdownGrace);
        Assert.Equal(PerdureDefaults.HistoryLimit, options.HistoryLimit);
        Assert.Null(options.AutoMigrate);
        Assert.Empty(options.Queues);
        Assert.Empty(options.RunsPerQueue);
    }

    [Fact]
    public void Queue_NamedAgain_ChangesWhatIsGiven()
    {
        var options = new PerdureOptions().Queue("payments", maxRuns: 5).Queue("payments", maxConcurrency: 4, maxRuns: 2).Queue("payments", maxConcurrency: 4).Queue("default");

        Assert.Equal(["payments=2"], options.RunsPerQueue.Select(queue => $"{queue.Key}={queue.Value}"));
        Assert.Equal(["default=10", "payments=4"], options.Queues.Select(queue => $"{queue.Key}={queue.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Configuration_SetsEveryScalar_AndCodeWinsOverIt()
    {
        var options = Read(new()
        {
            ["Perdure:Lease"] = "20s", ["Perdure:PollInterval"] = "00:00:02", ["perdure:maxresidentruns"] = "5", ["Perdure:MaxConcurrentSteps"] = "6",
            ["Perdure:KeepWarm"] = "1m", ["Perdure:ShutdownGrace"] = "7", ["Perdure:StoreTimeout"] = "1m30s", ["Perdure:HistoryLimit"] = "200",
            ["Perdure:HistoryWarning"] = "50", ["Perdure:HistoryWarningEvery"] = "10", ["PERDURE_STORE_STACK_TRACES"] = "true",
            ["Perdure:AutoMigrate"] = "false", ["Perdure:WorkerName"] = "w1", ["Perdure:Queues:payments"] = "16", ["Perdure:Queues:Default"] = "1",
            ["Perdure:RunsPerQueue:payments"] = "3",
        }, o => o.MaxConcurrentSteps = 8);

        Assert.Equal((TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(2), 5, 8), (options.Lease, options.PollInterval, options.MaxResidentRuns, options.MaxConcurrentSteps));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(90)), (options.KeepWarm, options.ShutdownGrace, options.StoreTimeout));
        Assert.Equal((50, 10, true), (options.HistoryWarning, options.HistoryWarningEvery, options.StoreStackTraces));
        Assert.Equal((200, false, "w1"), (options.HistoryLimit, options.AutoMigrate, options.WorkerName));
        Assert.Equal(["payments=3"], options.RunsPerQueue.Select(queue => $"{queue.Key}={queue.Value}"));
        Assert.Equal(["Default=1", "payments=16"], options.Queues.Select(queue => $"{queue.Key}={queue.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void DefaultRetry_IsASectionWithTheNamesOfPolicies()
    {
        Assert.Same(RetryPolicy.Default, Read([]).DefaultRetry);
        var read = Read(new() { ["Perdure:DefaultRetry:max_attempts"] = "5", ["Perdure:DefaultRetry:backoff"] = "linear", ["Perdure:DefaultRetry:base"] = "2" }).DefaultRetry;
        Assert.Equal(RetryPolicy.Linear(TimeSpan.FromSeconds(2)) with { MaxAttempts = 5 }, read);
        Assert.Throws<InvalidOptionException>(() => Read(new() { ["Perdure:DefaultRetry:tries"] = "5" }));
    }

    [Fact]
    public void Retention_IsAPresetOrASection()
    {
        Assert.Null(Read([]).Retention);
        Assert.Equal(RetentionPolicy.Short, Read(new() { ["Perdure:Retention"] = "short" }).Retention);
        Assert.Equal(RetentionPolicy.Long, Read(new() { ["Perdure:Retention"] = "Short", ["PERDURE_RETENTION"] = "Long" }).Retention);
        var policy = new RetentionPolicy
        {
            Completed = TimeSpan.FromDays(1), Failed = TimeSpan.FromDays(2), Cancelled = TimeSpan.FromDays(3), TimedOut = TimeSpan.FromDays(4), Terminated = TimeSpan.FromDays(5),
            CompensationFailed = TimeSpan.FromDays(8), Interval = TimeSpan.FromMinutes(6), BatchSize = 7,
        };
        Assert.Equal(policy, Read(new()
        {
            ["Perdure:Retention:Completed"] = "1d", ["Perdure:Retention:failed"] = "2d", ["Perdure:Retention:Cancelled"] = "3d", ["Perdure:Retention:TimedOut"] = "4d",
            ["Perdure:Retention:Terminated"] = "5d", ["Perdure:Retention:CompensationFailed"] = "8d", ["Perdure:Retention:Interval"] = "6m", ["Perdure:Retention:BatchSize"] = "7",
        }).Retention);
    }

    [Fact]
    public void Environment_WinsOverFiles_AndOthersVariablesAreLeftAlone()
    {
        var options = Read(new()
        {
            ["Perdure:Lease"] = "20s", ["PERDURE_LEASE"] = "30s", ["PERDURE_MAX_RESIDENT_RUNS"] = "9", ["PERDURE_HOME"] = "/somewhere",
        });

        Assert.Equal((TimeSpan.FromSeconds(30), 9), (options.Lease, options.MaxResidentRuns));
        var error = Assert.Throws<InvalidOptionException>(() => Read(new() { ["PERDURE_MAX_RESIDENT_RUN"] = "9" }));
        Assert.Contains("'MaxResidentRuns'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Leese", "10s", "did you mean 'Lease'?")]
    [InlineData("MaxResidentRun", "1", "did you mean 'MaxResidentRuns'?")]
    [InlineData("Completely", "1", "known are AutoMigrate, BuildId, ClaimBatch, DefaultDurable")]
    [InlineData("Lease", "soon", "a duration like 10s")]
    [InlineData("MaxResidentRuns", "many", "a whole number, not 'many'")]
    [InlineData("AutoMigrate", "perhaps", "true or false")]
    [InlineData("Queues:payments", "x", "a whole number")]
    [InlineData("RunsPerQueue:payments", "many", "a whole number")]
    [InlineData("Lease:Value", "10s", "one value")]
    [InlineData("Retention", "Brief", "Short, Long, or a section")]
    [InlineData("Retention:Complete", "7d", "did you mean 'Completed'?")]
    [InlineData("Retention:Completed", "soon", "a duration like 10s")]
    public void O11_AKeyOrValueThatIsNotKnownIsRefused(string key, string value, string hint)
    {
        var error = Assert.Throws<InvalidOptionException>(() => Read(new() { ["Perdure:" + key] = value }));

        Assert.Equal(ErrorCodes.InvalidOption, error.Code);
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Action<PerdureOptions>> Contradictions => new()
    {
        { "PerdureOptions.Lease", o => o.Lease = TimeSpan.FromMilliseconds(499) },
        { "PerdureOptions.PollInterval", o => o.PollInterval = TimeSpan.Zero },
        { "PerdureOptions.PollInterval", o => o.PollInterval = TimeSpan.FromSeconds(11) },
        { "PerdureOptions.MaxResidentRuns", o => o.MaxResidentRuns = 0 },
        { "PerdureOptions.ClaimBatch", o => o.ClaimBatch = 0 },
        { "PerdureOptions.ClaimBatch", o => o.ClaimBatch = 501 },
        { "PerdureOptions.MaxConcurrentSteps", o => o.MaxConcurrentSteps = -1 },
        { "PerdureOptions.KeepWarm", o => o.KeepWarm = TimeSpan.FromSeconds(-1) },
        { "PerdureOptions.ShutdownGrace", o => o.ShutdownGrace = Timeout.InfiniteTimeSpan },
        { "PerdureOptions.StoreTimeout", o => o.StoreTimeout = TimeSpan.Zero },
        { "PerdureOptions.HistoryLimit", o => o.HistoryLimit = 1 },
        { "PerdureOptions.HistoryWarning", o => o.HistoryWarning = 0 },
        { "PerdureOptions.HistoryWarningEvery", o => o.HistoryWarningEvery = 0 },
        { "RetentionPolicy.Completed", o => o.Retention = new() { Completed = TimeSpan.FromSeconds(-1) } },
        { "RetentionPolicy.Interval", o => o.Retention = RetentionPolicy.Short with { Interval = TimeSpan.FromMilliseconds(999) } },
        { "RetentionPolicy.BatchSize", o => o.Retention = RetentionPolicy.Short with { BatchSize = 10_001 } },
        { "PerdureOptions.WorkerName", o => o.WorkerName = "" },
        { "PerdureOptions.Queues[slow]", o => o.Queues["slow"] = 0 },
        { "PerdureOptions.RunsPerQueue[default]", o => o.RunsPerQueue["default"] = 0 },
        { "PerdureOptions.RunsPerQueue[slow]", o => o.RunsPerQueue["slow"] = 1 },
        { "PerdureOptions.RunsPerQueue[default]", o => o.Queue("slow").RunsPerQueue["default"] = 1 },
        { "queue name", o => o.Queues["_slow"] = 1 },
    };

    [Theory, MemberData(nameof(Contradictions))]
    public async Task AValueThatCannotBe_StopsTheHostFromStarting(string option, Action<PerdureOptions> set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPerdure(set).UseInMemory();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOptionException>(() => host.StartAsync());

        Assert.Equal(option, error.Option);
    }

    [Fact]
    public async Task NoStore_IsAnErrorThatSaysWhatToAdd()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPerdure();
        using var host = builder.Build();

        var error = await Assert.ThrowsAsync<InvalidOptionException>(() => host.StartAsync());

        Assert.Contains("UseSqlite(", error.Message, StringComparison.Ordinal);
        Assert.Contains("UseInMemory()", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoStores_AreRefusedWhereTheSecondIsAdded()
    {
        var builder = new ServiceCollection().AddPerdure().UseInMemory();

        var error = Assert.Throws<InvalidOptionException>(() => builder.UseSqlite("Data Source=x.db"));

        Assert.Equal(ErrorCodes.DuplicateRegistration, error.Code);
        Assert.Contains("UseInMemory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientAlone_ServesNoQueues()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddPerdureClient(o => o.Queue("payments")).UseInMemory();
        using var host = builder.Build();

        await Assert.ThrowsAsync<InvalidOptionException>(() => host.StartAsync());
    }

    private static PerdureOptions Read(Dictionary<string, string?> configuration, Action<PerdureOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(configuration).Build());
        services.AddPerdure(configure).UseInMemory();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<PerdureOptions>>().Value;
    }
}
