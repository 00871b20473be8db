namespace Perdure.Cli.Output;

/// <summary>How a store's schema stands.</summary>
/// <param name="Store">Where the store is.</param>
/// <param name="UpToDate">Whether this tool can use it as it is.</param>
/// <param name="Detail">What is wrong with it; null for nothing.</param>
internal sealed record SchemaAnswer(string Store, bool UpToDate, string? Detail);
