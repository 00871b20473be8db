using Perdure.Torture.Records;
using Perdure.Torture.Workload;

namespace Perdure.Torture.Checking;

/// <summary>Each time of a schedule is accounted for once: with a run of its own, or with the reason why it has none.</summary>
internal static class ScheduleRules
{
    /// <summary>Clients' clocks and the store's are the same here, but are not read at the same moment.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromMilliseconds(200);

    public static void Check(Evidence evidence, Violations violations)
    {
        var runs = evidence.Dump.Runs.Values.Where(run => run.Cause == "cron").ToDictionary(run => run.Id, StringComparer.Ordinal);
        foreach (var schedule in evidence.Schedules)
        {
            var slots = evidence.Dump.Slots.Where(slot => slot.Schedule == schedule.Name).OrderBy(slot => slot.At).ToList();
            CheckTimes(schedule, slots, violations);
            CheckRuns(schedule, slots, runs, violations);
            if (schedule.SkipsOverlaps) CheckOverlaps(schedule, slots, runs, violations);
        }
        foreach (var orphan in runs.Keys.Except(evidence.Dump.Slots.Select(slot => slot.Run)))
            violations.Add("I-28 time of a schedule", orphan!, "a schedule has started it, but accounts for no such time");
        foreach (var line in evidence.Journal.Where(line => line.E == "cron"))
        {
            if (!evidence.Dump.Slots.Any(slot => slot.Schedule == line.Schedule && slot.At == line.Slot && slot.Run == line.Run))
                violations.Add("I-28 time of a schedule", line.Run, $"its body was told that it is for {line.Slot:HH:mm:ss} of {line.Schedule}; no such start is accounted for");
        }
    }

    private static void CheckTimes(ScheduleRecord schedule, List<DumpedSlot> slots, Violations violations)
    {
        foreach (var twice in slots.GroupBy(slot => slot.At).Where(times => times.Count() > 1))
            violations.Add("I-28 time of a schedule", schedule.Name, $"{twice.Key:HH:mm:ss} is accounted for {twice.Count()} times");
        var known = slots.Select(slot => slot.At).ToHashSet();
        for (var at = Ceiling(schedule.PutAnsweredAt + ClockError, schedule.Period); at <= schedule.DeletedAt - ClockError; at += schedule.Period)
            if (!known.Contains(at)) violations.Add("I-28 time of a schedule", schedule.Name, $"{at:HH:mm:ss.fff} is not accounted for; it was made at {schedule.PutAnsweredAt:HH:mm:ss.fff} and deleted at {schedule.DeletedAt:HH:mm:ss.fff}");
        foreach (var slot in slots.Where(slot => slot.At < schedule.PutAt - ClockError || slot.State == "started" && slot.At > schedule.DeleteAnsweredAt + ClockError || slot.At != Ceiling(slot.At, schedule.Period)))
            violations.Add("I-28 time of a schedule", schedule.Name, $"{slot.At:HH:mm:ss.fff} is not one of its times");
    }

    private static void CheckRuns(ScheduleRecord schedule, List<DumpedSlot> slots, Dictionary<string, DumpedRun> runs, Violations violations)
    {
        foreach (var slot in slots)
        {
            var where = $"{schedule.Name} {slot.At:HH:mm:ss}";
            if (slot.State == "started" && (slot.Run is null || !runs.ContainsKey(slot.Run))) violations.Add("I-28 time of a schedule", where, $"it was started as '{slot.Run}', but there is no such run");
            if (slot.Run is not null && runs.TryGetValue(slot.Run, out var run) && run.Created > schedule.DeleteAnsweredAt + ClockError)
                violations.Add("I-28 time of a schedule", where, $"its run was born at {run.Created:HH:mm:ss.fff}, and the schedule had been deleted by {schedule.DeleteAnsweredAt:HH:mm:ss.fff}");
            if (slot.State != "started" && (slot.Run is not null || slot.Reason is null)) violations.Add("I-28 time of a schedule", where, $"it was skipped, with the run '{slot.Run}' and the reason '{slot.Reason}'");
        }
        foreach (var twice in slots.Where(slot => slot.Run is not null).GroupBy(slot => slot.Run).Where(times => times.Count() > 1))
            violations.Add("I-28 time of a schedule", schedule.Name, $"the run {twice.Key} is that of {twice.Count()} times");
    }

    private static void CheckOverlaps(ScheduleRecord schedule, List<DumpedSlot> slots, Dictionary<string, DumpedRun> runs, Violations violations)
    {
        var started = slots.Where(slot => slot.Run is not null && runs.ContainsKey(slot.Run)).Select(slot => runs[slot.Run!]).OrderBy(run => run.Created).ToList();
        for (var i = 1; i < started.Count; i++)
        {
            if (started[i - 1].Ended is not { } end || end > started[i].Created + ClockError)
                violations.Add("I-28 overlap", schedule.Name, $"{started[i].Id} was started at {started[i].Created:HH:mm:ss.fff}, and {started[i - 1].Id} ended at {started[i - 1].Ended:HH:mm:ss.fff}");
        }
    }

    private static DateTime Ceiling(DateTime at, TimeSpan period) => new((at.Ticks + period.Ticks - 1) / period.Ticks * period.Ticks, DateTimeKind.Utc);
}
