using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Tests.Docs.Snippets.Queues;

internal static class Serving
{
    public static void Serve(IHostApplicationBuilder builder)
    {
        // snippet
        builder.Services.AddPerdure(options => options.Queue("default").Queue("payments", maxConcurrency: 4, maxRuns: 8));
        // end
    }
}

internal static class Holding
{
    public static async Task LimitAsync(IPerdureClient client, Order order, string customer)
    {
        // snippet
        await client.Queues.ConfigureAsync("payments", new() { MaxConcurrency = 20, MaxPerKey = 2 });
        await client.StartAsync("order", order, new() { Queue = "payments", ConcurrencyKey = customer });
        // end
    }

    public static async Task PauseAsync(IPerdureClient client)
    {
        // snippet
        await client.Queues.PauseAsync("payments");
        foreach (var queue in await client.Queues.ListAsync())
            Console.WriteLine($"{queue.Name}: {queue.WaitingRuns + queue.WaitingActivities} waiting since {queue.OldestWaitingSince}");
        await client.Queues.ResumeAsync("payments");
        // end
    }

    public static async Task PauseWorkerAsync(IPerdureClient client)
    {
        // snippet
        var slow = (await client.Workers.ListAsync()).First(worker => worker.Name == "web-3/4711");
        await client.Workers.PauseAsync(slow.Number, new() { By = "ann", Reason = "its disk is slow" });
        await client.Workers.ResumeAsync(slow.Number);
        // end
    }

    public static async Task AgeAsync(IPerdureClient client)
    {
        // snippet
        await client.Queues.ConfigureAsync("reports", new() { AgeAfter = TimeSpan.FromMinutes(5) });
        // end
    }

    public static async Task ExpireAsync(IPerdureClient client, Order order)
    {
        // snippet
        await client.StartAsync("order", order, new() { Queue = "payments", StartWithin = TimeSpan.FromMinutes(10) });
        // end
    }
}
