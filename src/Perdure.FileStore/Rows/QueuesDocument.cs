namespace Perdure.Files.Rows;

/// <summary>What holds queues back.</summary>
/// <param name="Queues">The rules.</param>
/// <param name="Revision">How often they were changed.</param>
internal sealed record QueuesDocument(IReadOnlyDictionary<string, QueueRule> Queues, long Revision);
