using System.Collections.Concurrent;

namespace Perdure.Samples.Durable;

/// <summary>A bank that knows which requests it has seen. Its first answer is lost on the way, after the money was moved.</summary>
internal sealed class Bank
{
    private readonly ConcurrentDictionary<string, string> _receipts = new();

    public Task<string> ChargeAsync(decimal amount, string idempotencyKey)
    {
        if (_receipts.TryGetValue(idempotencyKey, out var receipt))
        {
            Console.WriteLine("[bank] seen before, here is the receipt again");
            return Task.FromResult(receipt);
        }
        Console.WriteLine($"[bank] charges {amount}");
        _receipts[idempotencyKey] = $"receipt {_receipts.Count + 1}";
        throw new TimeoutException("The bank did not answer in time.");
    }
}
