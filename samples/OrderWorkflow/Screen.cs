namespace Perdure.Samples.Orders;

/// <summary>Shows what happens, one line at a time.</summary>
internal sealed class Screen
{
    public void Announce(Order order, int attempt) =>
        Console.WriteLine($"=== Processing Order {order.Id} ==={(attempt == 1 ? "" : $" (attempt {attempt})")}");

    public void Show(int step, Order order, string what) => Console.WriteLine($"[Step {step}] {order.Id}: {what}");
}
