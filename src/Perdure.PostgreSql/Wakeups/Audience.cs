namespace Perdure.PostgreSql.Wakeups;

/// <summary>
/// What other processes wait for, as far as they have said. An end concerns only those who wait for it elsewhere, and mostly nobody does: telling it all the same would cost the
/// server as much as a small commit, just when the next one is due. Thread safe.
/// </summary>
internal sealed class Audience(TimeProvider clock)
{
    /// <summary>How long the word of a process counts. It says it again more than twice as often.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(75);

    /// <summary>How long others have to answer a process that has just begun to listen.</summary>
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromSeconds(1);

    private long _endsUntil;
    private long _newsUntil;
    private long _knownFrom = long.MaxValue;

    /// <summary>Of some hints those that anybody may wait for. All, as long as it is not known who waits.</summary>
    public HintKind Of(HintKind hints)
    {
        if ((hints & (HintKind.Ends | HintKind.News)) == 0) return hints;
        var now = clock.GetTimestamp();
        if (now < Volatile.Read(ref _knownFrom)) return hints;
        if (now >= Volatile.Read(ref _endsUntil)) hints &= ~HintKind.Ends;
        if (now >= Volatile.Read(ref _newsUntil)) hints &= ~HintKind.News;
        return hints;
    }

    /// <summary>Takes what another process has said of itself.</summary>
    public void Note(HintKind said)
    {
        if ((said & HintKind.WaitsForEnds) != 0) Volatile.Write(ref _endsUntil, In(Lifetime));
        if ((said & HintKind.WaitsForNews) != 0) Volatile.Write(ref _newsUntil, In(Lifetime));
    }

    /// <summary>From now on this process hears what others say, or does not.</summary>
    public void Listens(bool hears) => Volatile.Write(ref _knownFrom, hears ? In(TimeToAnswer) : long.MaxValue);

    private long In(TimeSpan time) => clock.GetTimestamp() + (long)(time.TotalSeconds * clock.TimestampFrequency);
}
