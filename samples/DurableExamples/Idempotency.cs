using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>What happens once, however often it is asked for: a start with a key, and a call that carries its step's idempotency key.</summary>
internal static class Idempotency
{
    private static readonly WorkflowDefinition<decimal, string> Payment = new("payment");

    public static async Task ShowAsync()
    {
        var services = new ServiceCollection().AddSingleton<Bank>();
        services.AddPerdure().UseInMemory().AddWorkflow(Payment, PayAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        var client = engine.Client;

        // Five callers at once, none of whom knows of the others.
        var runs = await Task.WhenAll(Enumerable.Range(1, 5).Select(_ => client.StartAsync(Payment, 35m, new() { Key = "order-123" })));
        var results = await Task.WhenAll(runs.Select(run => run.ResultAsync()));
        Console.WriteLine($"{runs.Length} starts, {runs.Count(run => run.WasCreated)} run, {results.Distinct().Count()} result: {results[0]}");
        var events = (await runs[0].GetHistoryAsync()).Count;

        // Later again, when the run is long over.
        var again = await client.StartAsync(Payment, 35m, new() { Key = "order-123" });
        Console.WriteLine($"Another start, {(await again.GetHistoryAsync()).Count - events} new events, the same result: {await again.ResultAsync()}");

        // The same key for something else is a mistake, and nothing is started.
        try
        {
            await client.StartAsync(Payment, 70m, new() { Key = "order-123" });
        }
        catch (KeyConflictException conflict)
        {
            Console.WriteLine($"Refused: the key {conflict.Key} belongs to another input");
        }
    }

    private static Task<string> PayAsync(WorkflowContext ctx, decimal amount) =>
        ctx.StepAsync("charge", (Bank bank, StepInfo step) => bank.ChargeAsync(amount, step.IdempotencyKey), new()
        {
            Retry = RetryPolicy.Constant(TimeSpan.FromMilliseconds(100)),
        });
}
