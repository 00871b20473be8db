using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>An order that waits for the bank's callback: whoever has the token answers it, once.</summary>
internal static class Hooks
{
    private static readonly WorkflowDefinition<string, string> Order = new("order");

    public static async Task ShowAsync()
    {
        var bank = new Bank();
        var services = new ServiceCollection().AddSingleton<Shop>().AddSingleton(bank);
        services.AddPerdure(options => options.HookUrl = "https://shop.example/hooks").UseInMemory().AddWorkflow(Order, ProcessAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        var client = engine.Client;

        var run = await client.StartAsync(Order, "ORD-1");
        var link = await bank.Told;
        var token = link.Split('/')[^1];
        Console.WriteLine($"The bank was given {link[..^token.Length]}… ({token.Length} characters of token)");

        await AnswerAsync("a guess", "no-such-token", new Reply("PAY-0"));
        await AnswerAsync("an answer of another shape", token, 42);
        await AnswerAsync("the bank's answer", token, new Reply("PAY-1"));
        await AnswerAsync("the same again", token, new Reply("PAY-2"));
        Console.WriteLine($"Result: {await run.ResultAsync()}");

        async Task AnswerAsync(string what, string to, object answer)
        {
            try
            {
                await client.ResumeHookAsync(to, answer);
                Console.WriteLine($"{what}: taken");
            }
            catch (Exception e) when (e is HookRefusedException or InputValidationException)
            {
                Console.WriteLine($"{what}: refused ({((PerdureException)e).Code})");
            }
        }
    }

    private static async Task<string> ProcessAsync(WorkflowContext ctx, string order)
    {
        await ctx.StepAsync("reserve", (Shop shop) => shop.ReserveAsync(order));
        // The step that tells the bank runs once, also when the workflow is tried again.
        using var hook = await ctx.CreateHookAsync<Reply, Bank>("payment", (hook, bank, _) => bank.TellAsync(hook.Url), TimeSpan.FromDays(7));
        var reply = await hook.ReceiveAsync();
        var tracking = await ctx.StepAsync("ship", (Shop shop) => shop.ShipAsync(order));
        return $"{reply.Payment}, {tracking}";
    }

    /// <summary>What the bank sends.</summary>
    private sealed record Reply(string Payment);

    /// <summary>A bank that calls back some time.</summary>
    private sealed class Bank
    {
        private readonly TaskCompletionSource<string> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string> Told => _told.Task;

        public Task TellAsync(string url)
        {
            _told.TrySetResult(url);
            return Task.CompletedTask;
        }
    }
}
