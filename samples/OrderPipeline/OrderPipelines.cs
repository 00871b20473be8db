using Perdure.Pipelines;

namespace Perdure.Samples.OrderPipelines;

/// <summary>The pipelines of the shop.</summary>
internal static class OrderPipelines
{
    /// <summary>Validate, calculate, charge, confirm.</summary>
    public static readonly PipelineDefinition<Order> ProcessOrder = Pipeline.Define<Order>("process_order", p => p
        .Timeout("2h")
        .Step("validate", c =>
        {
            if (c.Input.Items.Count == 0) throw new NonRetryableException("The order has no items.", "empty_order");
            c.Data.Put("order_id", c.Input.Id);
            c.Data.Put("items", c.Input.Items);
        })
        .Step("calculate_total", c => c.Data.Put("total", c.Input.Items.Sum(item => item.Price * item.Quantity)))
        .Step("charge_payment",
            async (PipelineContext<Order> c, PaymentService payments, StepInfo step) =>
                new { charge_id = await payments.ChargeAsync(c.Data.Get<decimal>("total"), step.Attempt, step.IdempotencyKey) },
            s => s.Retry(RetryPolicy.Exponential(2), 3))
        .Step("send_confirmation", c => Console.WriteLine($"Confirmation for {c.Data.Get<string>("order_id")}: {c.Data.Get<string>("charge_id")}")));
}
