namespace Perdure.Tests.Runtime.Programs;

/// <summary>
/// Remembers what a program saw, in order, and compares when the program runs again: what it sees a second time must be the same at the same place.
/// </summary>
internal sealed class Witness
{
    private readonly Dictionary<int, List<Sight>> _attempts = [];
    private List<Sight> _seen = [];
    private int _next;

    /// <summary>How many events the run has right now.</summary>
    public Func<int> Events { get; set; } = static () => 0;

    /// <summary>The first difference, or null.</summary>
    public string? Difference { get; private set; }

    /// <summary>How much was seen during the last replay.</summary>
    public int Replayed { get; private set; }

    /// <summary>What was seen so far in the current attempt, folded into one number: a value that depends on everything.</summary>
    public int Fold { get; private set; }

    /// <summary>The code of an attempt is entered, for the first time or again.</summary>
    public void Enter(int attempt)
    {
        if (!_attempts.TryGetValue(attempt, out var seen)) _attempts[attempt] = seen = [];
        _seen = seen;
        _next = Replayed = Fold = 0;
    }

    public void See(int node, long value, bool isReplaying)
    {
        if (_next == _seen.Count) _seen.Add(new Sight(node, value, Events()));
        else if (_seen[_next] is var before && (before.Node != node || before.Value != value))
            Difference ??= $"sight {_next} was ({before.Node}, {before.Value}) and is ({node}, {value})";
        _next++;
        if (isReplaying) Replayed = _next;
        Fold = unchecked(Fold * 31 + node * 7 + (int)value);
    }

    /// <summary>How much the code of an attempt had seen when the run had that many events.</summary>
    public int SeenAt(int attempt, int events)
    {
        if (!_attempts.TryGetValue(attempt, out var seen)) return 0;
        var count = 0;
        while (count < seen.Count && seen[count].Events <= events) count++;
        return count;
    }

    /// <summary>A witness of the same run up to an event; what comes behind may be otherwise.</summary>
    public Witness Until(int events)
    {
        var copy = new Witness();
        foreach (var (attempt, seen) in _attempts) copy._attempts[attempt] = seen.GetRange(0, SeenAt(attempt, events));
        return copy;
    }

    /// <summary>What was seen behind an event never happened: it was not committed.</summary>
    public void Forget(int events)
    {
        foreach (var (attempt, seen) in _attempts)
        {
            var count = SeenAt(attempt, events);
            seen.RemoveRange(count, seen.Count - count);
        }
    }

    private readonly record struct Sight(int Node, long Value, int Events);
}
