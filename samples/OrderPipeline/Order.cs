namespace Perdure.Samples.OrderPipelines;

/// <summary>An order as it comes in.</summary>
internal sealed record Order(string Id, IReadOnlyList<Item> Items);

/// <summary>What is ordered.</summary>
internal sealed record Item(string Sku, decimal Price, int Quantity);
