namespace Perdure.Storage.Memory;

/// <summary>When each turn was taken last.</summary>
internal sealed class TurnTable(RowWatch? watch)
{
    private readonly Dictionary<string, Instant> _taken = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, Instant> All => _taken;

    public bool Take(string work, TimeSpan every, Instant now)
    {
        if (_taken.TryGetValue(work, out var last) && last.Add(every) > now) return false;
        Set(work, now);
        return true;
    }

    public void Set(string work, Instant taken)
    {
        _taken[work] = taken;
        watch?.TakenTurns();
    }
}
