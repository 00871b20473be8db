using System.Globalization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>Which runs <see cref="IPerdureClient.PurgeAsync"/> deletes. Immutable.</summary>
public sealed record PurgeOptions
{
    internal const int LargestBatch = 10_000;

    /// <summary>Runs that ended so long ago, or longer. 0 to 10 years.</summary>
    public required TimeSpan OlderThan { get; init; }

    /// <summary>Runs that ended with one of these statuses.</summary>
    /// <value>Default: Completed, Failed and ContinuedAsNew.</value>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [RunStatus.Completed, RunStatus.Failed, RunStatus.ContinuedAsNew];

    /// <summary>Whether the runs are only counted.</summary>
    /// <value>Default: false.</value>
    public bool DryRun { get; init; }

    /// <summary>The most runs that are deleted in one transaction, 1 to 10,000. Others who write to the store wait for so long.</summary>
    /// <value>Default: 1,000.</value>
    public int BatchSize { get; init; } = PerdureDefaults.RetentionBatch;

    internal void Validate()
    {
        if (OlderThan < TimeSpan.Zero || OlderThan > PerdureDefaults.MaxSleep)
            throw new InvalidOptionException("PurgeOptions.OlderThan", $"PurgeOptions.OlderThan is 0 to 10 years, not {Durations.Format(OlderThan)}.");
        if (Statuses is not { Count: > 0 }) throw new InvalidOptionException("PurgeOptions.Statuses", "PurgeOptions.Statuses names no status.");
        foreach (var status in Statuses)
        {
            OptionRules.CheckDefined("PurgeOptions.Statuses", status);
            if (!status.IsTerminal()) throw new InvalidOptionException("PurgeOptions.Statuses", $"PurgeOptions.Statuses has {status}: only runs that have ended can be deleted.");
        }
        CheckBatch("PurgeOptions.BatchSize", BatchSize);
    }

    internal static void CheckBatch(string option, int size)
    {
        if (size is < 1 or > LargestBatch) throw new InvalidOptionException(option, string.Create(CultureInfo.InvariantCulture, $"{option} is 1 to {LargestBatch}, not {size}."));
    }
}
