using Perdure.Torture.Records;
using Perdure.Torture.Workload;

namespace Perdure.Torture.Checking;

/// <summary>What clients were told is so: starts, signals and cancellations are neither lost nor doubled.</summary>
internal static class ClientRules
{
    public static void Check(Evidence evidence, Violations violations)
    {
        var known = evidence.Known.Select(known => known.Run.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var record in evidence.Records)
        {
            if (evidence.RunOf(record) is not { } run)
            {
                if (record.Ids.Count > 0) violations.Add("I-01 start lost", record.Key, $"answered with {record.Ids[0]}, but there is no such run");
                continue;
            }
            CheckStart(record, run, violations);
            CheckSignals(record, run, violations);
            CheckCancel(record, run, violations);
        }
        foreach (var run in evidence.Dump.Runs.Values)
            if (!known.Contains(run.Id)) violations.Add("I-02 run from nowhere", run.Id, $"nobody has started it: its key is '{run.Key}', its cause {run.Cause}");
        foreach (var run in evidence.Journal.Select(line => line.Run).Distinct())
            if (!evidence.Dump.Runs.ContainsKey(run)) violations.Add("I-01 start lost", run, "bodies of it ran, but there is no such run");
    }

    private static void CheckStart(RunRecord record, DumpedRun run, Violations violations)
    {
        if (record.Ids.Any(id => id != run.Id)) violations.Add("I-03 one key, one run", record.Key, $"answered with {string.Join(", ", record.Ids.Distinct())}, stored is {run.Id}");
        if (record.Creations > 1) violations.Add("I-03 one key, one run", record.Key, $"{record.Creations} starts were answered as new");
    }

    private static void CheckSignals(RunRecord record, DumpedRun run, Violations violations)
    {
        foreach (var sent in record.Signals)
        {
            var stored = run.Signals.Count(signal => signal.Mid == sent.Mid);
            if (sent.Refused is null && stored == 0 && run.State != "parked") violations.Add("I-19 signal lost", run.Id, $"{sent.Mid} was accepted, but is not there");
            if (sent.Refused is not null && stored != 0) violations.Add("I-22 refused signal left a trace", run.Id, $"{sent.Mid} was refused ({sent.Refused}), but is there");
            if (stored > 1) violations.Add("I-20 signal doubled", run.Id, $"{sent.Mid} is stored {stored} times");
        }
        var taken = run.Events.Where(e => e.Type == "signal").GroupBy(e => e.X);
        foreach (var signal in taken.Where(signal => signal.Count() > 1)) violations.Add("I-20 signal doubled", run.Id, $"{signal.Key} was taken {signal.Count()} times");
        foreach (var name in record.Signals.Where(sent => sent.Refused is null).GroupBy(sent => sent.Name))
        {
            var sent = name.Select(signal => signal.Mid).ToList();
            var kept = run.Signals.Where(signal => signal.Name == name.Key).OrderBy(signal => signal.Seq).Select(signal => signal.Mid).Where(sent.Contains).ToList();
            if (!kept.SequenceEqual(sent.Where(kept.Contains))) violations.Add("I-21 order of signals", run.Id, $"sent {string.Join(' ', sent)}, kept {string.Join(' ', kept)}");
            var consumed = run.Signals.Where(signal => signal.Name == name.Key && signal.Pos is not null).OrderBy(signal => signal.Seq).Select(signal => signal.Pos!.Value).ToList();
            if (!consumed.SequenceEqual(consumed.Order())) violations.Add("I-21 order of signals", run.Id, $"signals '{name.Key}' were taken in another order than they came");
        }
    }

    private static void CheckCancel(RunRecord record, DumpedRun run, Violations violations)
    {
        var isKnown = run.Events.Any(e => e.Type == "cancel");
        if (record.IsCancelRecorded && !isKnown && run.State != "parked") violations.Add("I-29 cancel lost", run.Id, $"recorded, but the run is {run.State} and knows nothing of it");
        if (isKnown && run.State == "completed") violations.Add("I-29 cancel lost", run.Id, "the run completed after a recorded cancellation");
        if (record.StateAtCancel is { } state && state != run.State) violations.Add("I-07 one end", run.Id, $"it was {state} when it was to be cancelled, and is {run.State}");
    }
}
