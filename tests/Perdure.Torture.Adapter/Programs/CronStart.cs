using System.Globalization;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>The time of a schedule that a run was started for.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Slot">The time, Unix milliseconds.</param>
internal sealed record CronStart(string Schedule, long Slot)
{
    private const char Separator = '@';

    /// <summary>What the id of a run says of that; null: no schedule has started it.</summary>
    public static CronStart? Of(string runId)
    {
        var split = runId.LastIndexOf(Separator);
        return split > 0 && DateTimeOffset.TryParse(runId.AsSpan(split + 1), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var slot)
            ? new CronStart(runId[..split], slot.ToUnixTimeMilliseconds())
            : null;
    }
}
