using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>Steps and their attempts: what is recorded was really returned, and never runs again; numbers rise, keys stay.</summary>
internal static class AttemptRules
{
    /// <summary>Histories are stamped with the store's clock as the worker knows it; it may be a little behind.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromMilliseconds(100);

    public static void Check(Evidence evidence, Violations violations)
    {
        var owners = new Dictionary<string, (string Run, string S)>(StringComparer.Ordinal);
        foreach (var step in evidence.ByStep)
        {
            var begins = step.Where(line => line.IsBegin).ToList();
            if (begins.Count == 0) continue;
            var where = $"{step.Key.Run} {step.Key.S}";
            CheckNumbers(evidence, begins, where, violations);
            if (begins.Any(begin => begin.Key != begins[0].Key)) violations.Add("I-09 one key", where, $"its attempts had {string.Join(", ", begins.Select(begin => begin.Key).Distinct())}");
            if (!owners.TryAdd(begins[0].Key, step.Key)) violations.Add("I-09 one key", where, $"its key is also that of {owners[begins[0].Key]}");
        }
        foreach (var run in evidence.Dump.Runs.Values)
            foreach (var e in run.Events.Where(e => e.Type == "step")) CheckRecorded(evidence, run, e, violations);
    }

    private static void CheckNumbers(Evidence evidence, List<JournalLine> begins, string where, Violations violations)
    {
        foreach (var number in begins.GroupBy(begin => begin.Attempt).Where(number => number.Count() > 1))
            violations.Add("I-09 attempt numbers", where, $"attempt {number.Key} began {number.Count()} times");
        for (var i = 1; i < begins.Count; i++)
        {
            if (begins[i].Attempt < begins[i - 1].Attempt && !evidence.IsWakingUp(begins[i]))
                violations.Add("I-09 attempt numbers", where, $"attempt {begins[i].Attempt} began after attempt {begins[i - 1].Attempt}");
        }
    }

    private static void CheckRecorded(Evidence evidence, DumpedRun run, DumpedEvent e, Violations violations)
    {
        var where = $"{run.Id} {e.S}";
        var lines = evidence.ByStep[(run.Id, e.S!)].ToList();
        if (lines.Find(line => line.IsEnd && line.X == e.X) is not { } end)
        {
            violations.Add("I-10 nothing invented", where, $"{e.X} is recorded, but no body returned it");
            return;
        }
        if (end.Out != "ok") violations.Add("I-15 late result", where, $"{e.X} is recorded, but its body ended with '{end.Out}'");
        foreach (var again in lines.Where(line => line.IsBegin && line.Number > end.Number && line.At > e.At + ClockError && !evidence.IsWakingUp(line)))
            violations.Add("I-08 recorded step runs again", where, $"attempt {again.Attempt} began {(again.At - e.At).TotalMilliseconds:0} ms after the step was recorded");
    }
}
