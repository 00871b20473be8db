using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Docs.Snippets.Readme;

namespace Perdure.Tests.Docs.Snippets.Modules;

// snippet
public sealed class ShopModule : IPerdureModule
{
    public void Configure(IPerdureBuilder builder)
    {
        builder.Services.AddSingleton<IPayments, CardPayments>();
        builder.AddWorkflow<OrderWorkflow>(new WorkflowOptions { Retry = RetryPolicy.Default with { MaxAttempts = 5 } });
    }
}
// end

internal sealed class CardPayments : IPayments
{
    public Task<string> ChargeAsync(Order order, string idempotencyKey, CancellationToken cancellationToken) => Task.FromResult("pay-" + order.Id);

    public Task RefundAsync(string payment, CancellationToken cancellationToken) => Task.CompletedTask;
}
