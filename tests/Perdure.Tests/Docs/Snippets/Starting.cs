using Perdure.Tests.Docs.Snippets.Readme;

namespace Perdure.Tests.Docs.Snippets.Starting;

internal static class Callers
{
    public static async Task<string> StartAsync(IPerdureClient client, Order order)
    {
        // snippet
        var run = await client.StartAsync(OrderWorkflow.Definition, order, new() { Key = order.Id });
        Console.WriteLine(run.WasCreated ? $"started {run.Id}" : $"found {run.Id}");
        // end
        return run.Id;
    }

    public static async Task<string> RestartAsync(IPerdureClient client, Order order)
    {
        // snippet
        var options = new StartOptions { Key = order.Id, OnConflict = ConflictPolicy.RestartIfFailed };
        var run = await client.StartAsync(OrderWorkflow.Definition, order, options);
        // end
        return run.Id;
    }

    public static async Task<string> KeepKeyAsync(IPerdureClient client, Order order, string customer)
    {
        // snippet
        var options = new StartOptions { Key = $"report-{customer}", KeyTtl = TimeSpan.FromDays(1) };
        var run = await client.StartAsync(OrderWorkflow.Definition, order, options);
        // end
        return run.Id;
    }

    public static async Task LaterAsync(IPerdureClient client, Order order)
    {
        // snippet
        await client.StartAsync(OrderWorkflow.Definition, order, new()
        {
            Key = order.Id,
            Delay = TimeSpan.FromHours(8),
            Tags = new Dictionary<string, string> { ["customer"] = order.Email },
        });
        // end
    }

    public static async Task FindAsync(IPerdureClient client, Order order)
    {
        // snippet
        var run = await client.GetByKeyAsync(order.Id, RunInclude.Steps);
        foreach (var step in run.Steps!) Console.WriteLine($"{step.Name}: {step.Status} after {step.Attempts}");
        // end
    }

    public static async Task ManyAsync(IPerdureClient client, IReadOnlyList<Order> orders)
    {
        // snippet
        var starts = orders.Select(order => RunStart.Of(OrderWorkflow.Definition, order, new() { Key = order.Id })).ToList();
        foreach (var outcome in await client.StartManyAsync(starts))
        {
            if (outcome.Refusal is { } why) Console.WriteLine(why.Message);
            else Console.WriteLine(outcome.Run.WasCreated ? $"started {outcome.Run.Id}" : $"found {outcome.Run.Id}");
        }
        // end
    }

    public static async Task ByNameAsync(IPerdureClient client, Order order)
    {
        // snippet
        await client.StartAsync("order", order, new() { AllowRemote = true });
        // end
    }
}
