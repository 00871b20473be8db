using Perdure.Authoring;

namespace Perdure.Hosting;

/// <summary>Reads a retention policy from configuration: the name of a preset, or property by property.</summary>
internal static class RetentionReader
{
    private static readonly string[] Known =
    [
        nameof(RetentionPolicy.BatchSize), nameof(RetentionPolicy.Cancelled), nameof(RetentionPolicy.CompensationFailed), nameof(RetentionPolicy.Completed), nameof(RetentionPolicy.Failed), nameof(RetentionPolicy.Interval),
        nameof(RetentionPolicy.Terminated), nameof(RetentionPolicy.TimedOut),
    ];

    /// <exception cref="InvalidOptionException">There is no such preset.</exception>
    public static RetentionPolicy Preset(string key, string text) => text.ToUpperInvariant() switch
    {
        "SHORT" => RetentionPolicy.Short,
        "LONG" => RetentionPolicy.Long,
        _ => throw ConfigurationReader.Unreadable(key, text, "Short, Long, or a section with ages"),
    };

    /// <exception cref="InvalidOptionException">The property is not known, or its value cannot be read.</exception>
    public static RetentionPolicy Set(RetentionPolicy policy, string property, string path, string text) => property.ToUpperInvariant() switch
    {
        "COMPLETED" => policy with { Completed = ConfigurationReader.Duration(path, text) },
        "FAILED" => policy with { Failed = ConfigurationReader.Duration(path, text) },
        "CANCELLED" => policy with { Cancelled = ConfigurationReader.Duration(path, text) },
        "TIMEDOUT" => policy with { TimedOut = ConfigurationReader.Duration(path, text) },
        "TERMINATED" => policy with { Terminated = ConfigurationReader.Duration(path, text) },
        "COMPENSATIONFAILED" => policy with { CompensationFailed = ConfigurationReader.Duration(path, text) },
        "INTERVAL" => policy with { Interval = ConfigurationReader.Duration(path, text) },
        "BATCHSIZE" => policy with { BatchSize = ConfigurationReader.Whole(path, text) },
        _ => throw new InvalidOptionException(path, $"The configuration key '{SafeText.Shorten(path, 200)}' is not known: {NearestName.Hint(property, Known)}"),
    };
}
