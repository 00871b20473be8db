namespace Perdure.Sqlite.Claims;

/// <summary>A due run in claim order: highest priority, by age where its queue says so, then earliest due, then oldest key.</summary>
internal readonly record struct Candidate(long Priority, long Due, long Key, bool Suspect, bool TakesSlot = false) : IComparable<Candidate>
{
    public int CompareTo(Candidate other)
    {
        var order = other.Priority.CompareTo(Priority);
        if (order == 0) order = Due.CompareTo(other.Due);
        return order != 0 ? order : Key.CompareTo(other.Key);
    }
}
