using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>A service that fails twice before it answers, and one that says that asking again is of no use.</summary>
internal static class Retries
{
    private static readonly WorkflowDefinition<string, string> Lookup = new("lookup");

    private static readonly StepOptions Patient = new()
    {
        Retry = RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxRetries = 3 },
    };

    public static async Task ShowAsync()
    {
        var services = new ServiceCollection();
        services.AddPerdure().UseInMemory().AddWorkflow(Lookup, LookUpAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);

        foreach (var city in new[] { "Lisbon", "Atlantis" })
        {
            var run = await engine.Client.StartAsync(Lookup, city);
            try
            {
                Console.WriteLine($"Result: {await run.ResultAsync()}");
            }
            catch (RunFailedException failure)
            {
                Console.WriteLine($"Failed: {failure.ErrorCode}");
            }
            Console.WriteLine("History:");
            foreach (var e in await run.GetHistoryAsync()) Console.WriteLine($"  {e}{(e.Name == "call" ? $", attempt {e.Attempt}" : "")}");
        }
    }

    private static Task<string> LookUpAsync(WorkflowContext ctx, string city) =>
        ctx.StepAsync("call", (StepInfo step) => CallAsync(city, step.Attempt), Patient);

    private static Task<string> CallAsync(string city, int attempt)
    {
        Console.WriteLine($"[call] {city}, attempt {attempt}");
        if (city == "Atlantis") throw new NonRetryableException("There is no such city.", code: "city_unknown");
        if (attempt < 3) throw new HttpRequestException("The service is busy.");
        return Task.FromResult("21 degrees in " + city);
    }
}
