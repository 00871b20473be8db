using System.Globalization;

namespace Perdure.Samples.Orders;

/// <summary>The world outside, as far as this sample has one: four services, of which the one for payments is unreliable.</summary>
internal sealed class Shop(Settings settings, Screen screen, EffectLog effects)
{
    /// <summary>A charge fails at most so often in a row, so that five attempts are always enough.</summary>
    private const int MostFailures = 4;

    public async Task<bool> ValidateAsync(Order order, int attempt)
    {
        await WorkAsync();
        if (order.Total <= 0) throw new NonRetryableException($"{order.Id} costs nothing.");
        Done(1, order, "validate", attempt, "validated");
        return true;
    }

    public async Task<string> ChargeAsync(Order order, int attempt)
    {
        await WorkAsync();
        if (Fails(order, attempt))
        {
            Done(2, order, "charge", attempt, "payment declined");
            throw new PaymentDeclinedException(order.Id);
        }
        Done(2, order, "charge", attempt, string.Create(CultureInfo.InvariantCulture, $"charged {order.Total:0.00}"));
        return "PAY-" + order.Id;
    }

    public async Task<string> ShipAsync(Order order, int attempt)
    {
        await WorkAsync();
        var tracking = "TRK-" + order.Id;
        Done(3, order, "ship", attempt, "shipped as " + tracking);
        return tracking;
    }

    public async Task ConfirmAsync(Order order, string tracking, int attempt)
    {
        await WorkAsync();
        Done(4, order, "confirm", attempt, $"confirmation with {tracking} sent");
    }

    private Task WorkAsync() => settings.StepTime > TimeSpan.Zero ? Task.Delay(settings.StepTime) : Task.CompletedTask;

    private void Done(int number, Order order, string step, int attempt, string what)
    {
        screen.Show(number, order, what);
        effects.Append(string.Create(CultureInfo.InvariantCulture, $"{order.Id} {step} {attempt}"));
    }

    /// <summary>Drawn from order, attempt and seed, so that every start of this program sees the same world.</summary>
    private bool Fails(Order order, int attempt)
    {
        if (settings.FailureRate >= 1) return true;
        if (attempt % (MostFailures + 1) == 0) return false;
        var hash = (uint)settings.Seed;
        foreach (var c in order.Id) hash = (hash ^ c) * 16_777_619;
        hash = (hash ^ (uint)attempt) * 2_654_435_769;
        hash = (hash ^ (hash >> 15)) * 2_246_822_519;
        hash ^= hash >> 13;
        return hash / (uint.MaxValue + 1.0) < settings.FailureRate;
    }
}

/// <summary>The bank said no. It is stored under the code <c>payment_declined</c>.</summary>
internal sealed class PaymentDeclinedException(string order) : Exception($"The payment for {order} was declined.");
