namespace Perdure.Torture.Checking;

/// <summary>Under which circumstances the model runs a list of operations.</summary>
/// <param name="Path">The generation, and turns of the loops around it.</param>
/// <param name="IsShielded">Whether a cancellation waits.</param>
/// <param name="Race">The fan-out that it is in; once that is over, nothing more happens here.</param>
internal readonly record struct ModelFlow(string Path, bool IsShielded, ModelRace? Race)
{
    /// <summary>The main flow of a generation.</summary>
    public static ModelFlow Outermost(int generation) => new(generation == 0 ? "" : $"g{generation}", IsShielded: false, Race: null);

    public string Qualify(string id) => Path.Length == 0 ? id : $"{id}@{Path}";

    public ModelFlow Turn(int index) => this with { Path = Path.Length == 0 ? $"{index}" : $"{Path}.{index}" };
}
