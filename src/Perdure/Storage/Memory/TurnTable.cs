namespace Perdure.Storage.Memory;

/// <summary>When each turn was taken last.</summary>
internal sealed class TurnTable
{
    private readonly Dictionary<string, Instant> _taken = new(StringComparer.Ordinal);

    public bool Take(string work, TimeSpan every, Instant now)
    {
        if (_taken.TryGetValue(work, out var last) && last.Add(every) > now) return false;
        _taken[work] = now;
        return true;
    }
}
