using Perdure.Torture.Adapter.Programs;
using Perdure.Torture.Records;
using Perdure.Torture.Workload;

namespace Perdure.Torture.Checking;

/// <summary>Everything that is known of one torture: what clients were told, what bodies wrote, what was done to processes, and what the engine has stored.</summary>
internal sealed class Evidence
{
    private readonly Dictionary<string, string> _runOfKey = new(StringComparer.Ordinal);

    private readonly Dictionary<string, KnownRun> _known = new(StringComparer.Ordinal);

    public Evidence(
        TortureConfig config, IReadOnlyCollection<RunRecord> records, IReadOnlyList<ScheduleRecord> schedules, IReadOnlyList<JournalLine> journal, IReadOnlyList<Fault> faults, Dump dump)
    {
        (Config, Schedules, Journal, Faults, Dump) = (config, schedules, journal, faults, dump);
        Records = [.. records.OrderBy(record => record.Key, StringComparer.Ordinal)];
        ByRun = journal.ToLookup(line => line.Run, StringComparer.Ordinal);
        ByStep = journal.ToLookup(line => (line.Run, line.S));
        foreach (var run in dump.Runs.Values)
            if (run.Key is not null) _runOfKey[run.Key] = run.Id;
        foreach (var record in Records)
            if (RunOf(record) is { } run) Know(run, record.Program.Parse());
        foreach (var schedule in schedules)
            foreach (var slot in dump.Slots)
                if (slot.Schedule == schedule.Name && slot.Run is not null && dump.Runs.TryGetValue(slot.Run, out var run)) Know(run, schedule.Program.Parse());
    }

    public TortureConfig Config { get; }
    public IReadOnlyList<RunRecord> Records { get; }
    public IReadOnlyList<ScheduleRecord> Schedules { get; }

    /// <summary>Runs whose program is known: those that clients or schedules have started, and their children.</summary>
    public IReadOnlyCollection<KnownRun> Known => _known.Values;

    public IReadOnlyList<JournalLine> Journal { get; }
    public IReadOnlyList<Fault> Faults { get; }
    public Dump Dump { get; }
    public ILookup<string, JournalLine> ByRun { get; }
    public ILookup<(string Run, string S), JournalLine> ByStep { get; }

    /// <summary>The run of a record, or null: there is none.</summary>
    public DumpedRun? RunOf(RunRecord record) => _runOfKey.TryGetValue(record.Key, out var id) ? Dump.Runs[id] : null;

    /// <summary>Whether a body went through a queue: any worker may run it, whoever has the run.</summary>
    public bool IsQueued(JournalLine line) => _known.TryGetValue(line.Run, out var known) && known.Steps.Find(line.S) is { IsQueued: true };

    /// <summary>When a process was frozen, or never.</summary>
    public IEnumerable<Fault> FreezesOf(string boot) => Faults.Where(fault => fault.Kind == FaultKind.Freeze && fault.Boot == boot && fault.End is not null);

    /// <summary>
    /// Whether a line was written in the moment in which a frozen process goes on: it had decided to begin before it was frozen, and could not know better.
    /// </summary>
    public bool IsWakingUp(JournalLine line) => FreezesOf(line.Boot).Any(freeze =>
        line.At >= freeze.At && line.At <= freeze.End!.Value + TimeSpan.FromMilliseconds(100));

    private void Know(DumpedRun run, TortureProgram program)
    {
        var known = new KnownRun(run, program);
        _known[run.Id] = known;
        foreach (var started in run.Events)
        {
            if (started is { Type: "child-started", S: { } s, X: { } id } && known.Steps.FindChild(s) is { } child && Dump.Runs.TryGetValue(id, out var born)) Know(born, child);
        }
    }
}
