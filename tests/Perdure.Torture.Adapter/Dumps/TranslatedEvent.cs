namespace Perdure.Torture.Adapter.Dumps;

/// <summary>An event in the words of the protocol.</summary>
internal readonly record struct TranslatedEvent(string Type, string? S = null, string? X = null);
