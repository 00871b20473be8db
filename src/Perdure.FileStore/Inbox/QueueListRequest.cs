namespace Perdure.Files.Inbox;

/// <summary>Asks for queues.</summary>
/// <param name="Name">Which; null for all.</param>
internal sealed record QueueListRequest(string? Name);
