namespace Perdure;

/// <summary>There is no schedule of that name.</summary>
public sealed class ScheduleNotFoundException : PerdureException
{
    internal ScheduleNotFoundException(string name)
        : base(ErrorCodes.ScheduleNotFound, $"There is no schedule '{Authoring.SafeText.Shorten(name, 150)}', or no worker has read its creation yet.") => Name = name;

    /// <summary>What was looked for.</summary>
    public string Name { get; }
}
