using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Hosting;
using Perdure.Tests.Engine;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Tests.Worker;

public sealed class PostgreSqlIdleTests
{
    [PostgresFact]
    public async Task I43_AnIdleWorker_MakesAtMostThirtyQueriesAMinute()
    {
        using var database = new PostgresDatabase();
        var services = new ServiceCollection();
        services.AddPerdure(static o => o.AutoMigrate = true).UsePostgreSql(database.ConnectionString)
            .AddWorkflow("once", (WorkflowContext ctx, int n) => ctx.ActivityAsync<int>("double", n))
            .AddActivity("double", (int n) => Task.FromResult(2 * n));
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        var client = provider.GetRequiredService<IPerdureClient>();
        var run = await client.StartAsync("once", 4);
        Assert.Equal(8, await run.ResultAsync<int>().Soon());
        var store = provider.GetRequiredService<EngineHost>().Store;
        await Waiting.UntilAsync(() => store.Wakeups.HearsAll);

        var queries = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Npgsql",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Tags.Any(tag => tag.Value is { } text && text.Contains(database.Name, StringComparison.Ordinal))) Interlocked.Increment(ref queries);
            },
        };
        ActivitySource.AddActivityListener(listener);
        await Task.Delay(TimeSpan.FromMinutes(1));

        Assert.InRange(Volatile.Read(ref queries), 10, 30);
    }
}
