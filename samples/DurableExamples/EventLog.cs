using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Samples.Durable;

/// <summary>The histories of three runs: one that is approved, one that is cancelled, one that fails. Each event has a number, an instant, a kind and its data.</summary>
internal static class EventLog
{
    private static readonly WorkflowDefinition<string, int> Order = new("order");
    private static readonly Signal<string> Approved = new("approved");

    public static async Task ShowAsync()
    {
        var services = new ServiceCollection();
        services.AddPerdure().UseInMemory().AddWorkflow(Order, ProcessAsync);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);

        var approved = await engine.Client.StartAsync(Order, "tea");
        await approved.UntilSuspendedAsync();
        await approved.SignalAsync(Approved, "Ann");
        await ShowAsync(approved);

        var cancelled = await engine.Client.StartAsync(Order, "coffee");
        await cancelled.UntilSuspendedAsync();
        await cancelled.CancelAsync("changed my mind");
        await ShowAsync(cancelled);

        var failed = await engine.Client.StartAsync(Order, "ambrosia");
        await ShowAsync(failed);

        // The history can be read from any number on, and by kind.
        var ends = await failed.GetHistoryAsync(from: 1, kinds: [EventKind.WorkflowFailed]);
        Console.WriteLine($"--- The end of ambrosia: {ends[0]}");
    }

    private static async Task<int> ProcessAsync(WorkflowContext ctx, string article)
    {
        var price = await ctx.StepAsync("price", () => article switch
        {
            "tea" => Task.FromResult(4),
            "coffee" => Task.FromResult(5),
            _ => throw new NonRetryableException($"We have no {article}.", code: "unknown_article"),
        });
        await ctx.WaitForAsync(Approved);
        return price;
    }

    private static async Task ShowAsync(RunHandle<int> run)
    {
        try
        {
            await run.ResultAsync();
        }
        catch (RunOutcomeException)
        {
            // Cancelled or failed: that is what its history is about.
        }
        var info = await run.GetAsync();
        Console.WriteLine($"--- {info.Input}: {info.Status}");
        foreach (var e in await run.GetHistoryAsync())
            Console.WriteLine($"{e.Sequence,2}  {e.Timestamp:HH:mm:ss.fff}  {e.WireName,-19} {e.Name,-9} {e.Data?.GetRawText()}".TrimEnd());
    }
}
