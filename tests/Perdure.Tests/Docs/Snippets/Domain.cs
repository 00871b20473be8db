namespace Perdure.Tests.Docs.Snippets;

// What the snippets talk about.

internal sealed record Order(string Id, string Customer, decimal Total)
{
    public string Email => Customer;
}

internal interface IPayments
{
    Task<string> ChargeAsync(Order order, CancellationToken cancellationToken);

    Task<string> ChargeAsync(Order order, string idempotencyKey, CancellationToken cancellationToken);

    Task RefundAsync(string payment, CancellationToken cancellationToken);
}

internal interface IMail
{
    Task SendAsync(string to, string text, CancellationToken cancellationToken);
}
