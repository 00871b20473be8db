namespace Perdure.Storage.Memory;

/// <summary>The order in which start keys become free.</summary>
internal sealed class OldestKeyFirst : IComparer<(Instant FreeAt, string StartKey)>
{
    public static readonly OldestKeyFirst Instance = new();

    public int Compare((Instant FreeAt, string StartKey) x, (Instant FreeAt, string StartKey) y) =>
        x.FreeAt.CompareTo(y.FreeAt) is var order and not 0 ? order : string.CompareOrdinal(x.StartKey, y.StartKey);
}
