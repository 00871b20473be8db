using Perdure.Torture.Checking;
using Perdure.Torture.Faults;
using Perdure.Torture.Processes;
using Perdure.Torture.Records;
using Perdure.Torture.Rigs;
using Perdure.Torture.Workload;

namespace Perdure.Torture;

/// <summary>One torture from end to end: storm, heal, quiet, dump twice, check.</summary>
internal sealed class TortureRun(TortureConfig config, Action<string> say)
{
    private static readonly TimeSpan CommandLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan BetweenDumps = TimeSpan.FromSeconds(2);
    private readonly FaultLog _faults = new();

    public async Task<Verdict> RunAsync()
    {
        var journal = Path.Combine(config.Folder, "journal.jsonl");
        await File.WriteAllTextAsync(journal, "");
        using var rig = RigOf(config);
        var adapter = new Processes.Adapter(config, rig.Address, journal);
        await InitAsync(adapter);

        using var clients = new Clients(config.Clients, config.Seed, index => new ClientProcess(adapter, $"c{index}", config.Folder));
        var slots = Enumerable.Range(0, config.Workers)
            .Select(index => new WorkerSlot($"W{index}", () => new WorkerProcess(adapter, $"W{index}", config.Folder), _faults, rig)).ToList();
        try
        {
            await Task.WhenAll(slots.Select(slot => slot.StartAsync()));
            var load = new Load(config, clients);
            using var calm = new CancellationTokenSource();
            var schedules = new ScheduleLoad(config, clients);
            var loading = Task.WhenAll(load.RunAsync(calm.Token), schedules.RunAsync(calm.Token));
            say($"storm of {config.Storm.TotalSeconds:0} s, seed {config.Seed}, in {config.Folder}");
            await new Storm(config, slots, clients, load, _faults, rig).RunAsync(() => Missing(slots));
            await calm.CancelAsync();
            await loading;
            await load.ScriptsAsync();

            say($"{load.Records.Count} programs were started; waiting until all have ended");
            var dump = await QuietAsync(adapter, slots);
            foreach (var slot in slots) await slot.TerminateAsync(restart: false);
            return await JudgeAsync(adapter, slots, clients, load, schedules, journal, dump);
        }
        finally
        {
            foreach (var slot in slots) slot.Dispose();
        }
    }

    private static IRig RigOf(TortureConfig config) => config.Store switch
    {
        "sqlite" => new SqliteRig(Path.Combine(config.Folder, "runs.db")),
        "postgres" => new PostgresRig(),
        var other => throw new HarnessException($"There is no store '{other}'; say sqlite or postgres."),
    };

    private static async Task InitAsync(Processes.Adapter adapter)
    {
        var inits = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => adapter.RunAsync("init", CommandLimit)));
        foreach (var (code, _, error) in inits)
            if (code != 0) throw new HarnessException($"init left with the code {code}: {error}");
    }

    /// <summary>Waits for the end of all runs. When none has ended for as long as the config allows, those that are left are stranded.</summary>
    private async Task<Dump> QuietAsync(Processes.Adapter adapter, List<WorkerSlot> slots)
    {
        var (lastEnd, least) = (DateTime.UtcNow, int.MaxValue);
        while (true)
        {
            foreach (var slot in slots) await slot.ReviveAsync();
            var dump = await DumpAsync(adapter);
            var open = dump.Runs.Values.Count(run => run.State == DumpedRun.Running);
            if (open < least) (lastEnd, least) = (DateTime.UtcNow, open);
            if (open == 0 || DateTime.UtcNow - lastEnd > config.Quiet) return dump;
            say($"{open} runs are open");
            await Task.Delay(1000);
        }
    }

    private async Task<Verdict> JudgeAsync(Processes.Adapter adapter, List<WorkerSlot> slots, Clients clients, Load load, ScheduleLoad schedules, string journal, Dump first)
    {
        var second = await DumpAsync(adapter);
        await Task.Delay(BetweenDumps);
        var third = await DumpAsync(adapter);
        var evidence = new Evidence(config, load.Records, schedules.Records, JournalLine.ReadAll(journal), _faults.All, third);
        var violations = Checker.Check(evidence);
        if (second.Text != third.Text) violations.Add("I-42 dump", "all", "two dumps at rest differ");
        foreach (var run in first.Runs.Values.Where(run => run.State != DumpedRun.Running))
            if (!run.Events.SequenceEqual(third.Runs[run.Id].Events)) violations.Add("I-07 one end", run.Id, "its history changed after its end");
        var (code, _, error) = await adapter.RunAsync("fsck", CommandLimit);
        if (code != 0) violations.Add("I-38 integrity", "all", error);
        await File.WriteAllTextAsync(Path.Combine(config.Folder, "dump.jsonl"), third.Text);
        var counts = Count(evidence, slots, clients, load);
        return new Verdict(counts, violations.All, counts.Below(config.Minimums));
    }

    private Counts Count(Evidence evidence, List<WorkerSlot> slots, Clients clients, Load load)
    {
        var events = evidence.Dump.Runs.Values.SelectMany(run => run.Events).ToList();
        return new Counts
        {
            Runs = evidence.Dump.Runs.Count, Events = events.Count, Bodies = evidence.Journal.Count(line => line.IsBegin),
            Kills = _faults.Count(FaultKind.Kill), KillsInBodies = evidence.Journal.Count(line => line.E == "die"), Freezes = _faults.Count(FaultKind.Freeze),
            GracefulStops = _faults.Count(FaultKind.Terminate), ClientKills = _faults.Count(FaultKind.KillClient), Locks = _faults.Count(FaultKind.Lock), Restarts = _faults.Count(FaultKind.Restart), SessionsEnded = _faults.Count(FaultKind.TerminateSessions), Cuts = _faults.Count(FaultKind.Cut),
            Takeovers = Counts.TakeoversIn(evidence), RefusedZombies = Refusals(slots), UnknownStoreCalls = slots.Sum(slot => slot.All.Sum(worker => worker.Unknown)), UnknownCalls = clients.Unknown, UnknownCommits = clients.Lost,
            Signals = events.Count(e => e.Type == "signal"), Cancels = events.Count(e => e.Type == "cancel"), Timers = events.Count(e => e.Type == "timer"),
            Undos = events.Count(e => e.Type == "step" && e.S!.Contains(".undo", StringComparison.Ordinal)),
            Parked = evidence.Dump.Runs.Values.Count(run => run.State == "parked"), AttemptsFailed = events.Count(e => e.Type is "attempt-failed" or "step-failed"),
            Children = events.Count(e => e.Type == "child"), Continuations = events.Count(e => e.Type == "continued"), QueuedBodies = evidence.Journal.Count(line => line.IsBegin && evidence.IsQueued(line)),
            SignalledStarts = evidence.Records.Count(record => record.IsSignalledStart), CronStarts = evidence.Dump.Slots.Count(slot => slot.State == "started"),
            CronSkips = evidence.Dump.Slots.Count(slot => slot.State == "skipped"),
        };
    }

    /// <summary>A kind of fault of which there was too little, as on a slow machine; null: there was enough of each.</summary>
    private FaultKind? Missing(List<WorkerSlot> slots)
    {
        var least = config.Minimums;
        if (_faults.Count(FaultKind.Kill) < least.Kills) return FaultKind.Kill;
        if (Refusals(slots) < least.RefusedZombies) return FaultKind.Freeze;
        if (_faults.Count(FaultKind.Terminate) < least.GracefulStops) return FaultKind.Terminate;
        return _faults.Count(FaultKind.Lock, FaultKind.Restart, FaultKind.TerminateSessions, FaultKind.Cut) < least.Outages ? FaultKind.Lock : null;
    }

    private static int Refusals(List<WorkerSlot> slots) => slots.Sum(slot => slot.All.Sum(worker => worker.Refusals));

    private static async Task<Dump> DumpAsync(Processes.Adapter adapter)
    {
        var (code, output, error) = await adapter.RunAsync("dump", CommandLimit);
        return code == 0 ? Dump.Read(output) : throw new HarnessException($"dump left with the code {code}: {error}");
    }
}
