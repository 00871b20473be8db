using Microsoft.Extensions.Logging;

namespace Perdure.Tests.Docs.Snippets.Waiting;

// snippet
[Workflow("onboarding")]
public sealed class OnboardingWorkflow : Workflow<string, bool>
{
    public static readonly WorkflowDefinition<string, bool> Definition = new("onboarding");
    public static readonly Signal<string> Clicked = new("clicked");

    public override async Task<bool> RunAsync(WorkflowContext ctx, string email)
    {
        await ctx.StepAsync("welcome", (IMail mail, CancellationToken ct) => mail.SendAsync(email, "Welcome!", ct));
        var link = await ctx.WaitForAsync(Clicked, TimeSpan.FromDays(1));
        if (link is not null) return true;

        await ctx.StepAsync("remind", (IMail mail, CancellationToken ct) => mail.SendAsync(email, "Are you there?", ct));
        await ctx.SleepAsync("7d");
        var (clicked, _) = await ctx.TryWaitForAsync(Clicked, TimeSpan.Zero);
        return clicked;
    }
}
// end

public sealed class DecisionWorkflow : Workflow<Unit, string>
{
    public static readonly WorkflowDefinition<Unit, string> Definition = new("decision");

    // snippet
    public static readonly Signal<string> Approved = new("approved");
    public static readonly Signal<int> Postponed = new("postponed");
    public static readonly Published<string> Stage = new("stage");
    // end

    public override async Task<string> RunAsync(WorkflowContext ctx, Unit input)
    {
        // snippet
        ctx.Publish(Stage, "waiting for a decision");
        var match = await ctx.WaitForAnyAsync([Approved, Postponed], TimeSpan.FromDays(3));
        if (match.Is(Approved, out var who)) return $"approved by {who}";
        if (match.Is(Postponed, out var days)) await ctx.SleepAsync(TimeSpan.FromDays(days));
        // end
        // snippet
        var reminder = ctx.StartTimer(TimeSpan.FromHours(1));
        var approval = ctx.WaitForAsync(Approved);
        if (await ctx.WhenAnyAsync([approval, reminder.Elapsed]) == 0)
        {
            reminder.Cancel();
            return $"approved by {await approval}";
        }
        // end
        return "nobody cared";
    }
}

internal static class Reviews
{
    private static readonly Signal<bool> Legal = new("legal");
    private static readonly Signal<decimal> Finance = new("finance");
    private static readonly Signal<string> Approved = new("approved");

    public static async Task<string> OneOfEachAsync(WorkflowContext ctx)
    {
        // snippet
        var reviews = await ctx.WaitForAllAsync([Legal, Finance], TimeSpan.FromDays(2));
        if (!reviews.IsComplete) return "late: " + string.Join(", ", reviews.Statuses.Where(review => review.Value == SignalStatus.TimedOut).Select(review => review.Key));
        var (legal, budget) = (reviews.Get(Legal), reviews.Get(Finance));
        // end
        return $"{legal} {budget}";
    }

    public static async Task<IReadOnlyList<string>> EmptyAsync(WorkflowContext ctx)
    {
        // snippet
        if (ctx.TryPeek(Approved, out var waiting)) ctx.Logger.LogInformation("{Who} is waiting", waiting);
        var all = await ctx.DrainAsync(Approved);
        // end
        return all;
    }
}

public sealed class CartWorkflow : Workflow<string, int>
{
    public static readonly WorkflowDefinition<string, int> Definition = new("cart");
    public static readonly Signal<string> Added = new("added");

    public override async Task<int> RunAsync(WorkflowContext ctx, string input)
    {
        for (var count = 0; ; count++)
            if (await ctx.WaitForAsync(Added, TimeSpan.FromHours(1)) is null) return count;
    }
}

internal static class Senders
{
    public static async Task<string> AddAsync(IPerdureClient client)
    {
        // snippet
        var cart = await client.SignalWithStartAsync(CartWorkflow.Definition, "ann", CartWorkflow.Added, "book", new() { Key = "cart-ann" });
        // end
        return cart.Id;
    }

    public static async Task SendAsync(IPerdureClient client, string runId)
    {
        // snippet
        await client.SignalAsync(runId, OnboardingWorkflow.Clicked, "https://example.org/start", messageId: "click-1");
        // end
    }

    public static async Task<string?> ReadAsync(IPerdureClient client, string runId)
    {
        // snippet
        string? stage = await client.ReadAsync(runId, DecisionWorkflow.Stage);
        // end
        return stage;
    }
}
