namespace Perdure.Worker;

/// <summary>
/// How long retention rests between two transactions. At first four times as long as one takes, so that it has a fifth of a connection. A round that is not through when the
/// next would begin has more to delete than that allows: the rests become shorter, so that a database never grows because runs end faster than they are cleaned up.
/// </summary>
internal static class PurgePace
{
    private const double First = 4;
    private const double Least = 0.25;

    /// <summary>However little there was to do.</summary>
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);

    /// <summary>The rest behind a transaction that took <paramref name="took"/>, in a round that has gone on for <paramref name="round"/>.</summary>
    public static TimeSpan Pause(TimeSpan took, TimeSpan round, TimeSpan interval)
    {
        var late = (int)Math.Min(round / interval, 10);
        var pause = took * Math.Max(First / (1 << late), Least);
        return late > 0 || pause > ShortestPause ? pause : ShortestPause;
    }
}
