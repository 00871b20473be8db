namespace Perdure.Tests.Docs.Snippets;

// What the snippets talk about.

public sealed record Order(string Id, string Email, decimal Total);

public interface IPayments
{
    Task<string> ChargeAsync(Order order, string idempotencyKey, CancellationToken cancellationToken);

    Task RefundAsync(string payment, CancellationToken cancellationToken);
}

public sealed record Trip(string Place, Order Order);

public interface IHotel
{
    Task<string> BookAsync(Trip trip, CancellationToken cancellationToken);

    Task CancelAsync(string room, CancellationToken cancellationToken);
}

public interface IAirline
{
    Task<string> BookAsync(Trip trip, CancellationToken cancellationToken);

    Task CancelAsync(string seat, CancellationToken cancellationToken);
}

public interface IMail
{
    Task SendAsync(string to, string text, CancellationToken cancellationToken);
}

public interface IPages
{
    Task<string> ReadAsync(string address, CancellationToken cancellationToken);
}
