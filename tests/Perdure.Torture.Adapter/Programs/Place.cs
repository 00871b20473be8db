using System.Globalization;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>Where in a run an operation stands: the generation, and the turns of the loops around it. It tells the steps of two turns apart.</summary>
internal readonly record struct Place(string Path)
{
    /// <summary>Outside of all loops.</summary>
    /// <param name="generation">How often the run has gone on as new.</param>
    public static Place Top(int generation) => new(generation == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"g{generation}"));

    /// <summary>Inside turn <paramref name="index"/> of a loop that stands here.</summary>
    public Place Turn(int index)
    {
        var turn = index.ToString(CultureInfo.InvariantCulture);
        return new Place(Path.Length == 0 ? turn : $"{Path}.{turn}");
    }

    /// <summary>The qualified id of an operation that stands here.</summary>
    public string Qualify(string id) => Path.Length == 0 ? id : $"{id}@{Path}";

    /// <summary>The id of a qualified one.</summary>
    public static string IdOf(string qualified) => qualified.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at ? qualified[..at] : qualified;
}
