namespace Perdure.Samples.Durable;

/// <summary>What the steps of the examples call. It shows every call, so a step that is not run again shows nothing.</summary>
internal sealed class Shop
{
    public Task ReserveAsync(string order) => ShowAsync("reserve", order);

    public Task<string> ChargeAsync(string order) => ShowAsync("charge", order, "PAY-" + order);

    public Task<string> ShipAsync(string order) => ShowAsync("ship", order, "TRK-" + order);

    public Task RefundAsync(string payment) => ShowAsync("refund", payment);

    public Task ReleaseAsync(string order) => ShowAsync("release", order);

    private static Task<string> ShowAsync(string what, string subject, string answer = "done")
    {
        Console.WriteLine($"[{what}] {subject}");
        return Task.FromResult(answer);
    }
}
