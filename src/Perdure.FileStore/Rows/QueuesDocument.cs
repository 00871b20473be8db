namespace Perdure.Files.Rows;

/// <summary>What holds queues back.</summary>
internal sealed record QueuesDocument(IReadOnlyDictionary<string, QueueRule> Queues);
