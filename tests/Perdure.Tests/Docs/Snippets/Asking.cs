namespace Perdure.Tests.Docs.Snippets.Asking;

// snippet
[Workflow("basket")]
public sealed class BasketWorkflow : Workflow<string, int>
{
    public static readonly WorkflowDefinition<string, int> Definition = new("basket");
    public static readonly Signal<string> Add = new("add");

    public override async Task<int> RunAsync(WorkflowContext ctx, string customer)
    {
        var articles = new List<string>();
        ctx.SetQueryHandler("articles", () => articles);
        ctx.SetQueryHandler("holds", (string article) => articles.Contains(article));
        while (articles.Count < 10 && await ctx.WaitForAsync(Add, TimeSpan.FromDays(1)) is { } article) articles.Add(article);
        return articles.Count;
    }
}
// end

public sealed class OrderWorkflow
{
    public static readonly Published<string> Stage = new("stage");
}

internal static class Curious
{
    public static async Task WatchAsync(RunHandle run, CancellationToken stop)
    {
        var lastSeen = -1;
        // snippet
        await foreach (var stage in run.WatchAsync(OrderWorkflow.Stage, stop)) Console.WriteLine(stage);
        // end
        // snippet
        await foreach (var e in run.WatchAsync(from: lastSeen + 1, stop))
        {
            Console.WriteLine($"{e.Sequence} {e.WireName} {e.Name}");
            lastSeen = e.Sequence;
        }
        // end
    }

    public static async Task<string> AskAsync(RunHandle run)
    {
        // snippet
        var articles = await run.QueryAsync<string[]>("articles");
        bool holds = await run.QueryAsync<bool>("holds", "tea");
        // end
        return $"{articles.Length} {holds}";
    }
}
