namespace Perdure.Storage.Memory;

/// <summary>What the installation keeps for all processes: written once, read for ever.</summary>
internal sealed class KeptTable(RowWatch? watch)
{
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _kept = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> All => _kept;

    public ReadOnlyMemory<byte> Keep(string name, ReadOnlyMemory<byte> value)
    {
        if (_kept.TryGetValue(name, out var kept)) return kept;
        _kept.Add(name, value);
        watch?.KeptSomething();
        return value;
    }
}
