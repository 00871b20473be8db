using System.Text.Json;

namespace Perdure;

/// <summary>A signal that arrived and was not taken by any wait. Immutable.</summary>
/// <param name="Name">The signal's name.</param>
/// <param name="Payload">Its payload.</param>
/// <param name="ReceivedAt">When it became part of the run, on the store's clock.</param>
/// <param name="MessageId">The id under which it was sent.</param>
public sealed record PendingSignal(string Name, JsonElement Payload, DateTimeOffset ReceivedAt, string MessageId);
