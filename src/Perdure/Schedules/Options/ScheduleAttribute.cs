namespace Perdure;

/// <summary>
/// Gives a workflow class a schedule, which is registered together with the class, by <c>AddWorkflow</c> or <c>AddWorkflowsFromAssembly</c>. A class may have several, each with a name of its own.
/// What an attribute cannot hold is for <c>AddSchedule</c>.
/// </summary>
/// <example><code>[Schedule("0 3 * * *", Zone = "Europe/Berlin")]</code></example>
/// <param name="cron">A cron expression, as for <see cref="ScheduleTimes.Cron"/>; null if <see cref="Every"/> says when.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ScheduleAttribute(string? cron = null) : Attribute
{
    /// <summary>The cron expression; null for none.</summary>
    public string? Cron { get; } = cron;

    /// <summary>The interval as text, <c>"30m"</c>; give this or the expression.</summary>
    public string? Every { get; set; }

    /// <summary>The schedule's name; null (the default) for the workflow's.</summary>
    public string? Name { get; set; }

    /// <summary>Input of every run, as JSON text. Default: <c>null</c>, which a workflow with <see cref="Unit"/> as its input takes.</summary>
    public string? Input { get; set; }

    /// <inheritdoc cref="ScheduleOptions.Zone"/>
    public string Zone { get; set; } = "UTC";

    /// <inheritdoc cref="ScheduleOptions.Overlap"/>
    public ScheduleOverlap Overlap { get; set; }

    /// <inheritdoc cref="ScheduleOptions.CatchUp"/>
    public ScheduleCatchUp CatchUp { get; set; }

    /// <summary>By how much a start may be late, as text: <c>"30s"</c>. Default: not at all.</summary>
    public string? Jitter { get; set; }

    /// <inheritdoc cref="ScheduleOptions.Queue"/>
    public string? Queue { get; set; }

    /// <inheritdoc cref="ScheduleOptions.Paused"/>
    public bool Paused { get; set; }

    /// <exception cref="InvalidOptionException">There is no time, there are two, or one cannot be.</exception>
    internal ScheduleTimes ToTimes() => (Cron, Every) switch
    {
        ({ } expression, null) => ScheduleTimes.Cron(expression),
        (null, { } interval) => ScheduleTimes.Every(Durations.Parse(interval)),
        (null, null) => throw new InvalidOptionException("[Schedule]", "A [Schedule] has a cron expression, or an interval in Every."),
        _ => throw new InvalidOptionException("[Schedule]", "A [Schedule] has a cron expression or an interval, not both."),
    };

    internal ScheduleOptions ToOptions() => new()
    {
        Zone = Zone, Overlap = Overlap, CatchUp = CatchUp, Jitter = Jitter is null ? TimeSpan.Zero : Durations.Parse(Jitter), Queue = Queue, Paused = Paused,
    };
}
