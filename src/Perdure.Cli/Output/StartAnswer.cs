using System.Text.Json;

namespace Perdure.Cli.Output;

/// <summary>What became of a start.</summary>
/// <param name="Id">The run.</param>
/// <param name="Created">Whether the start created it; else it found it.</param>
/// <param name="Purged">Whether only its id is left.</param>
/// <param name="Status">Where it stands, if it was waited for.</param>
/// <param name="Result">Its result, if it was waited for and completed.</param>
/// <param name="Error">Its error, if it was waited for and has one.</param>
internal sealed record StartAnswer(string Id, bool Created, bool Purged, RunStatus? Status = null, JsonElement? Result = null, RunError? Error = null);
