using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>A parent that says it started a child has exactly that one, is told its true end, and lets none live on that it waits for no longer.</summary>
internal static class ChildRules
{
    /// <summary>The end of a child and its parent's may be stamped by different workers.</summary>
    private static readonly TimeSpan ClockError = TimeSpan.FromSeconds(1);

    public static void Check(Evidence evidence, Violations violations)
    {
        var children = evidence.Dump.Runs.Values.Where(run => run.Cause == "child").ToLookup(run => (run.Parent, run.Ps));
        foreach (var known in evidence.Known)
        {
            var run = known.Run;
            foreach (var started in run.Events.Where(e => e.Type == "child-started"))
            {
                var born = children[(run.Id, started.S)].ToList();
                if (born.Count != 1 || born[0].Id != started.X)
                    violations.Add("I-01 one child", $"{run.Id} {started.S}", $"it says that it started {started.X}; there are {born.Count}: {string.Join(", ", born.Select(child => child.Id))}");
                else CheckEnd(run, started, born[0], violations);
            }
        }
        foreach (var child in children.SelectMany(group => group))
        {
            if (child.Parent is not { } parent || !evidence.Dump.Runs.TryGetValue(parent, out var run) || !run.Events.Exists(e => e.Type == "child-started" && e.X == child.Id))
                violations.Add("I-01 one child", child.Id, $"no history of '{child.Parent}' says that it was started");
        }
    }

    private static void CheckEnd(DumpedRun run, DumpedEvent started, DumpedRun child, Violations violations)
    {
        var where = $"{run.Id} {started.S}";
        var ends = run.Events.Where(e => e.Type == "child" && e.S == started.S).ToList();
        if (ends.Count > 1) violations.Add("I-07 one end of a child", where, $"it was told {ends.Count} ends");
        if (ends is [var end, ..])
        {
            var told = child.State == "completed" ? $"completed:{child.Result}" : child.State;
            if (end.X != told) violations.Add("I-42 true end of a child", where, $"it was told '{end.X}'; the child {child.Id} is '{told}'");
        }
        // Whoever ends without the child's end has asked it to cancel, unless it had ended by then.
        else if (run.State is "cancelled" or "failed" && child.Ended > run.Ended + ClockError && !child.Events.Exists(e => e.Type == "cancel"))
            violations.Add("I-30 child left alone", where, $"its parent has ended as {run.State}; the child {child.Id} was not asked to cancel and is {child.State}");
    }
}
