using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Perdure.Hosting;
using Perdure.Tests.Engine;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Tests.Scenarios.BadStore;

/// <summary>An engine as applications have it, in real time, while its server fails: no worker gives up, nothing is lost, nothing is recorded twice.</summary>
public sealed class PostgreSqlOutageTests
{
    private const int Runs = 60;
    private const int Steps = 8;

    public enum Fault
    {
        Terminated,
        Restarted,
        Locked,
        AllAtOnce,
    }

    [Theory]
    [InlineData(Fault.Terminated)]
    [InlineData(Fault.Restarted)]
    [InlineData(Fault.Locked)]
    [InlineData(Fault.AllAtOnce)]
    public async Task I36_AServerThatFailsUnderLoad_IsOutlived(Fault fault)
    {
        if (TestPostgres.MayBeSkipped || TestPostgres.IsConfigured) return;
        using var server = TestPostgres.StartOwn(durable: true);
        var begun = new ConcurrentDictionary<string, int>();
        await using var engine = await StartAsync(server.ConnectionString(), begun);
        var client = engine.GetRequiredService<IPerdureClient>();
        var runs = new ConcurrentBag<RunHandle>();
        var faults = Task.Run(() => FailAsync(server, fault, () => begun.Count));
        // Callers are told of an outage, and ask again with the same id.
        await Parallel.ForAsync(0, Runs, async (i, _) => runs.Add(await RepeatAsync(() => client.StartAsync("steps", i, new() { Id = "run-" + i }))));
        await faults.Soon();

        foreach (var run in runs)
        {
            Assert.Equal(Steps, await RepeatAsync(() => run.ResultAsync<int>(TimeSpan.FromSeconds(60))));
            var history = await RepeatAsync(() => run.GetHistoryAsync());
            Assert.Equal(Steps, history.Count(e => e.Kind == EventKind.StepCompleted));
            Assert.Equal(RunStatus.Completed, (await run.GetAsync()).Status);
        }
        Assert.Equal(Runs, runs.Select(run => run.Id).Distinct().Count());
        // The worker that began is the one that ended: it was never presumed dead, and never gave up.
        Assert.True(engine.GetRequiredService<EngineHost>().HasWorker);
    }

    private static async Task<ServiceProvider> StartAsync(string connectionString, ConcurrentDictionary<string, int> begun)
    {
        var services = new ServiceCollection();
        services.AddPerdure(static o => o.AutoMigrate = true).UsePostgreSql(connectionString + ";Maximum Pool Size=4").AddWorkflow("steps", async (WorkflowContext ctx, int number) =>
        {
            var done = 0;
            for (var i = 0; i < Steps; i++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"{number}/{i}");
                done += await ctx.StepAsync("step" + i, async () =>
                {
                    begun.AddOrUpdate(key, 1, static (_, count) => count + 1);
                    await Task.Delay(20);
                    return 1;
                });
            }
            return done;
        });
        var provider = services.BuildServiceProvider();
        await PerdureEngine.StartAsync(provider);
        return provider;
    }

    private static async Task FailAsync(PostgresServer server, Fault fault, Func<int> begun)
    {
        await Waiting.UntilAsync(() => begun() > Runs);
        if (fault is Fault.Terminated or Fault.AllAtOnce)
        {
            for (var i = 0; i < 10; i++)
            {
                server.TerminateBackends("postgres");
                await Task.Delay(30);
            }
        }
        if (fault is Fault.Locked or Fault.AllAtOnce) server.Execute("BEGIN; LOCK TABLE perdure.run, perdure.event; SELECT pg_sleep(2); COMMIT");
        if (fault is Fault.Restarted or Fault.AllAtOnce)
        {
            server.StopImmediate();
            server.Start();
        }
    }

    private static async Task<T> RepeatAsync<T>(Func<Task<T>> call)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await call();
            }
            catch (Storage.StoreException) when (tries < 200)
            {
                await Task.Delay(50);
            }
        }
    }
}
