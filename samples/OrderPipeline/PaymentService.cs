using System.Globalization;

namespace Perdure.Samples.OrderPipelines;

/// <summary>A payment service that is busy at first.</summary>
internal sealed class PaymentService
{
    /// <summary>Charges once for one key, however often it is asked.</summary>
    public Task<string> ChargeAsync(decimal total, int attempt, string key)
    {
        if (attempt == 1)
        {
            Console.WriteLine("Payment service is busy; the step is tried again in 2 s");
            throw new InvalidOperationException("busy");
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Charged {total:0.00} (attempt {attempt}, {(key.Length > 0 ? "with an idempotency key" : "blindly")})"));
        return Task.FromResult("ch_1001");
    }
}
