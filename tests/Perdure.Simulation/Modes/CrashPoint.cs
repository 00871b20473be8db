namespace Perdure.Simulation;

/// <summary>When, in the course of a store call, something happens.</summary>
internal enum Moment
{
    /// <summary>The call has not reached the store.</summary>
    Before,
    /// <summary>It was executed, and the caller does not know it.</summary>
    Unanswered,
    /// <summary>The caller has just taken the answer.</summary>
    After,
}

/// <summary>What happens.</summary>
internal enum Blow
{
    /// <summary>The process ends.</summary>
    Crash,
    /// <summary>It is frozen for longer than its lease, and wakes up.</summary>
    Freeze,
    /// <summary>It lives on and is told that nobody knows what became of the call.</summary>
    Unknown,
}

/// <summary>One point of the crash space of a scenario.</summary>
/// <param name="Target">Whose calls are counted: a process's name.</param>
/// <param name="Call">Which of them.</param>
/// <param name="Moment">When in its course.</param>
/// <param name="Blow">What happens.</param>
internal sealed record CrashPoint(string Target, int Call, Moment Moment, Blow Blow)
{
    /// <summary>The point as an argument of the replay command.</summary>
    public string ToArgument() => $"{Target}/{Call}/{Moment}/{Blow}";

    public static CrashPoint Parse(string argument)
    {
        var parts = argument.Split('/');
        return new CrashPoint(parts[0], int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture), Enum.Parse<Moment>(parts[2]), Enum.Parse<Blow>(parts[3]));
    }

    public override string ToString() => $"{Blow} {Moment} call {Call} of {Target}";

    /// <summary>All that can happen at one call of a worker process.</summary>
    public static IEnumerable<CrashPoint> OfWorker(string target, int call)
    {
        foreach (var moment in Enum.GetValues<Moment>())
        {
            yield return new CrashPoint(target, call, moment, Blow.Crash);
            yield return new CrashPoint(target, call, moment, Blow.Freeze);
        }
        foreach (var point in OfClient(target, call)) yield return point;
    }

    /// <summary>All that can happen at one call of a client.</summary>
    public static IEnumerable<CrashPoint> OfClient(string target, int call) =>
        [new CrashPoint(target, call, Moment.Before, Blow.Unknown), new CrashPoint(target, call, Moment.Unanswered, Blow.Unknown)];
}
