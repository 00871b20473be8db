using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>Each program did what its events say: every step was asked for with the right witness, and the end is the right one.</summary>
internal static class ReplayRules
{
    public static void Check(Evidence evidence, Violations violations)
    {
        foreach (var (run, program) in evidence.Known)
        {
            if (run.Ph != program.Ph) violations.Add("I-10 nothing invented", run.Id, "another program is stored than was started");
            CheckValues(evidence, run, violations);
            var model = ProgramModel.Replay(program, run.Events);
            if (model.Complaint is { } complaint) violations.Add("I-12 replay", run.Id, complaint);
            if (run.State is not (DumpedRun.Running or "parked") && (model.State != run.State || model.Result != run.Result) && !MayHaveFailed(model, run))
                violations.Add("I-12 replay", run.Id, $"it is {run.State} {run.Result}; by its events it must be {model.State} {model.Result}");
            foreach (var begin in evidence.ByRun[run.Id].Where(line => line.IsBegin))
            {
                if (!model.In.TryGetValue(begin.S, out var expected)) violations.Add("I-12 replay", $"{run.Id} {begin.S}", "its body ran, but by the events nobody asked for it");
                else if (expected != begin.In) violations.Add("I-12 replay", $"{run.Id} {begin.S}", $"attempt {begin.Attempt} began with the witness {begin.In} instead of {expected}");
            }
        }
    }

    /// <summary>A failed program that is cancelled before its end is written may end as either.</summary>
    private static bool MayHaveFailed(ProgramModel model, DumpedRun run) => model.State == "failed" && run.State == "cancelled" && run.Events.Any(e => e.Type == "cancel");

    /// <summary>A recorded value is the same whenever the code gets it.</summary>
    private static void CheckValues(Evidence evidence, DumpedRun run, Violations violations)
    {
        var values = run.Events.Where(e => e.Type == "value").ToDictionary(e => e.S!, e => e.X);
        foreach (var line in evidence.ByRun[run.Id].Where(line => line.E == "value"))
        {
            if (values.GetValueOrDefault(line.S) != line.Value)
                violations.Add("I-12 replay", $"{run.Id} {line.S}", $"the value was {line.Value}, recorded is {values.GetValueOrDefault(line.S)}");
        }
    }
}
