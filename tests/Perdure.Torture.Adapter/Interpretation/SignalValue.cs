using System.Text.Json;

namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>The payload of a signal. The workflow folds the message's id, so that travels along.</summary>
internal sealed record SignalValue(string Mid, JsonElement V);
