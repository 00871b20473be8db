using Microsoft.Extensions.DependencyInjection;
using Perdure.Pipelines;

namespace Perdure.Tests.Docs.Snippets.Pipelines;

public sealed record Line(string Sku, decimal Price);

public sealed record Order(string Id, string Email, string Kind, IReadOnlyList<Line> Lines);

public interface IPayments
{
    Task<string> ChargeAsync(decimal total, string key, CancellationToken ct);

    Task RefundAsync(string charge);
}

public static class Shop
{
    // snippet
    public static readonly PipelineDefinition<Order> ProcessOrder = Pipeline.Define<Order>("process_order", p => p
        .Timeout("2h").MaxAttempts(3)
        .Step("validate", c => c.Data.Put("order_id", c.Input.Id))
        .Step("total", c => Task.FromResult(new { total = c.Input.Lines.Sum(line => line.Price) }))
        .Step("charge", async (PipelineContext<Order> c, IPayments payments, StepInfo step, CancellationToken ct) =>
            new { charge_id = await payments.ChargeAsync(c.Data.Get<decimal>("total"), step.IdempotencyKey, ct) }, s => s
            .Retry(RetryPolicy.Exponential(2), 3).Timeout("5m")
            .Compensate("refund", (PipelineContext<Order> c, IPayments payments) => payments.RefundAsync(c.Data.Get<string>("charge_id")!)))
        .Branch("kind", c => c.Input.Kind, b => b
            .When("digital", q => q.Step("send_link", c => Task.CompletedTask))
            .Otherwise(q => q.Step("ship", c => Task.CompletedTask).WaitForEvent("delivered", timeout: TimeSpan.FromDays(14))))
        .Step("thank", (PipelineContext<Order> c, IMail mail, CancellationToken ct) => mail.SendAsync(c.Input.Email, "Thank you!", ct)));
    // end
}

internal static class Uses
{
    public static async Task StartAsync(IServiceCollection services, IPerdureClient client, Order order)
    {
        // snippet
        services.AddPerdure().UseSqlite("Data Source=orders.db")
            .AddPipeline(Shop.ProcessOrder);

        var run = await client.StartAsync(Shop.ProcessOrder.Workflow, order, new() { Queue = "high_priority", Priority = 10 });
        // end
        // snippet
        Console.WriteLine(Shop.ProcessOrder.Graph.ToMermaid());
        var live = await client.GetGraphAsync(run.Id);
        File.WriteAllText("order.svg", live.ToSvg());
        // end
    }

    public static async Task ExplainAsync(IPerdureClient client, string runId)
    {
        // snippet
        var why = await client.ExplainAsync(runId);
        Console.WriteLine(why);
        // end
        // snippet
        foreach (var e in await client.GetHistoryAsync(runId)) Console.WriteLine($"{e.Sequence} {e.Timestamp:O} {e.WireName} {e.Name}");
        var then = await client.GetAtAsync(runId, sequence: 3);
        Console.WriteLine($"{then.Status}, stage {then.Data.Get("stage", "none")}");
        // end
    }
}
