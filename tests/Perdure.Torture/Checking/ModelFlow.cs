namespace Perdure.Torture.Checking;

/// <summary>Under which circumstances the model runs a list of operations.</summary>
/// <param name="Path">Turns of the loops around it.</param>
/// <param name="IsShielded">Whether a cancellation waits.</param>
/// <param name="Race">The fan-out that it is in; once that is over, nothing more happens here.</param>
internal readonly record struct ModelFlow(string Path, bool IsShielded, ModelRace? Race)
{
    public string Qualify(string id) => Path.Length == 0 ? id : $"{id}@{Path}";

    public ModelFlow Turn(int index) => this with { Path = Path.Length == 0 ? $"{index}" : $"{Path}.{index}" };
}
