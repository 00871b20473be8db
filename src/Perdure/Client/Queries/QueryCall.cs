namespace Perdure.Client;

/// <summary>A question to the code of a run.</summary>
/// <param name="Query">The query's name.</param>
/// <param name="Argument">JSON; empty for none.</param>
internal readonly record struct QueryCall(string Query, ReadOnlyMemory<byte> Argument);
