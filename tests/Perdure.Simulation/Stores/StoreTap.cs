using Perdure.Authoring;
using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>Sees every call at the moment when the store executes it, keeps its own account, and checks what can be checked at once.</summary>
internal sealed class StoreTap(World world, MemoryStore data)
{
    private readonly QueueRules _queues = new(world, data);
    private readonly BuildRules _builds = new(world, data);
    private readonly LossRules _losses = new(world, data);
    private readonly Dictionary<long, RunLedger> _runs = [];
    private readonly Dictionary<string, RunLedger> _byId = new(StringComparer.Ordinal);
    private readonly List<StartOp> _starts = [];
    private readonly Dictionary<string, RunBirth> _startKeys = new(StringComparer.Ordinal);
    private readonly Dictionary<long, WorkerLedger> _workers = [];
    private readonly HashSet<(long Worker, int Lane, long Number)> _refusedForEver = [];
    private readonly Dictionary<(long Worker, int Lane), long> _lastCommitted = [];
    private readonly Dictionary<Guid, long> _registrations = [];

    public TapCounts Counts { get; } = new();

    public IReadOnlyCollection<RunLedger> Runs => _runs.Values;

    public RunLedger? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>A client is about to start a run.</summary>
    public void Expect(StartOp start) => _starts.Add(start);

    /// <summary>A start of that name whose run id is certain: one with a key may have lost to another until it is answered.</summary>
    public StartOp? FindStart(string name) => _starts.Find(start => start.Run == name && (start.IsAcked || start.StartKey is null));

    public IReadOnlyList<StartOp> Starts => _starts;

    /// <summary>Whether a process had been presumed dead for no longer than a lease at an instant, so that it may not have known.</summary>
    public bool MayHaveBeenZombie(string owner, long at) =>
        _workers.Values.Any(worker => worker.Owner == owner && worker.IsDead && worker.DeadAt <= at && at - worker.DeadAt <= worker.Lease.Ticks);

    public void Registered(SimStore from, WorkerRegistration registration, WorkerGrant grant)
    {
        if (_registrations.TryGetValue(registration.Id, out var known) && known != grant.Worker)
            world.Fail("I-44", $"Registration {registration.Id} was given workers {known} and {grant.Worker}.");
        _registrations[registration.Id] = grant.Worker;
        _workers.TryAdd(grant.Worker, new WorkerLedger(from.Owner) { LeaseUntil = grant.Now.Add(registration.Lease), Lease = registration.Lease });
        world.Trace.Add(from.Owner, $"registered as worker {grant.Worker}");
    }

    public void Renewed(SimStore from, long worker, LeaseGrant grant)
    {
        if (grant.Alive) _workers[worker].LeaseUntil = grant.Now.Add(_workers[worker].Lease);
        else world.Trace.Add(from.Owner, $"renewal of worker {worker} refused");
    }

    public void DeadFenced(SimStore from, FenceReport report)
    {
        if (report.TasksFreed > 0) _losses.Freed(Now);
        if (report.WorkersMarked == 0) return;
        var now = Now;
        foreach (var (key, worker) in _workers)
        {
            if (worker.IsDead || data.Workers.Find(key)!.Alive) continue;
            (worker.IsDead, worker.DeadAt) = (true, world.Now);
            world.Trace.Add(from.Owner, $"marks worker {key} of {worker.Owner} dead");
            if (worker.LeaseUntil >= now) world.Fail("I-27", $"Worker {key} was marked dead although its lease runs until {worker.LeaseUntil} and it is {now}.");
        }
    }

    public void Retired(SimStore from, long worker)
    {
        _workers[worker].IsDead = true;
        world.Trace.Add(from.Owner, $"worker {worker} retires");
    }

    public void Resolved(SimStore from, long worker, int lane, long number, bool committed)
    {
        world.Trace.Add(from.Owner, $"attempt {number} of lane {lane} was {(committed ? "committed" : "not committed")}");
        // A late copy of the question, which nobody waits for any more, may find the lane further on.
        var last = _lastCommitted.GetValueOrDefault((worker, lane));
        if (last <= number && committed != (last == number))
            world.Fail("I-37", $"Attempt {number} of worker {worker} was resolved as {(committed ? "" : "not ")}committed, which is not so.");
        if (!committed) _refusedForEver.Add((worker, lane, number));
    }

    public void Started(SimStore from, IReadOnlyList<RunBirth> births, IReadOnlyList<BirthOutcome> outcomes)
    {
        for (var i = 0; i < births.Count; i++) Born(from, births[i], outcomes[i], 0);
    }

    public void StartedWithSignal(SimStore from, RunBirth birth, OutgoingMessage signal, SignalledStart started)
    {
        Born(from, birth, started.Birth, 0);
        if (started.Signal is { } sent) Posted(from, [signal with { RunId = started.Birth.Id }], [sent]);
    }

    public void Answered(SimStore from, RequestAnswer answer, AnswerOutcome outcome)
    {
        world.Trace.Add(from.Owner, $"answers request {answer.Number} of operation {answer.Operation}: {outcome.Verdict}", IdOf(answer.Message.RunKey));
        // A copy of an answer is accepted again.
        if (outcome.Verdict != AnswerVerdict.Accepted || _runs[answer.Message.RunKey] is not { } ledger || ledger.Posted.Any(posted => posted.Message.Id == answer.Message.Id)) return;
        Note(ledger, answer.Message);
    }

    public void GroupExecuted(SimStore from, RunGroup group, GroupOutcome outcome)
    {
        Counts.Groups++;
        switch (outcome.Verdict)
        {
            case GroupVerdict.Fenced:
                if (_workers[group.Stamp.Worker].IsDead) Counts.RefusedZombies++;
                world.Trace.Add(from.Owner, $"group {group.Stamp.Number} of worker {group.Stamp.Worker} is fenced");
                return;
            case GroupVerdict.Refused:
                Counts.RefusedBundles += outcome.Refusals.Count;
                foreach (var refusal in outcome.Refusals) world.Trace.Add(from.Owner, $"bundle refused: {refusal.Reason}", IdOf(refusal.Run));
                return;
        }
        CheckStamp(group.Stamp);
        _queues.Written(group, outcome);
        _queues.Owned(from, group.Stamp.Worker);
        for (var i = 0; i < group.Bundles.Count; i++) Committed(from, group.Stamp, group.Bundles[i], outcome.Bundles[i], outcome.Now);
        for (var i = 0; i < group.Bundles.Count; i++) Followed(from, group.Bundles[i], outcome.Bundles[i]);
    }

    /// <summary>Children, a successor and messages that came with a bundle; what is known already, or is not there, is passed over.</summary>
    public void Followed(SimStore from, RunBundle bundle, in BundleOutcome outcome)
    {
        foreach (var child in bundle.Children) BornOf(from, bundle.Run, child.Birth);
        if (outcome.Closed && bundle.Close!.Successor is { } successor) BornOf(from, bundle.Run, successor);
        foreach (var message in bundle.Messages) Sent(message);
        if (!outcome.Closed) return;
        foreach (var message in bundle.Close!.Messages) Sent(message);
    }

    /// <summary>A run that no client has started.</summary>
    private void BornOf(SimStore from, long run, RunBirth birth)
    {
        if (data.Runs.Find(birth.Key) is not { } row || row.Birth.Id != birth.Id || _runs.ContainsKey(birth.Key)) return;
        // As the store has it, whatever was asked for.
        Born(from, row.Birth, new BirthOutcome(BirthVerdict.Created, birth.Key, birth.Id, RunStatus.Pending), 0);
        _starts.Add(new StartOp
        {
            Run = $"{_starts.Find(start => start.Birth?.Key == run)?.Run}/{birth.Id[^6..]}", Birth = birth,
            Program = birth.Workflow == Interpreter.WorkflowName ? PayloadCodec.Default.Deserialize<Act>(birth.Input.Span)! : new Act(),
        });
    }

    private void Sent(OutgoingMessage message)
    {
        var target = message.RunKey != 0 ? data.Runs.Find(message.RunKey) : data.Runs.Find(message.RunId!);
        if (target is null || data.Runs.Chains.Last(target) is not { } live || !live.Inbox.Holds(message.Id) || !_runs.TryGetValue(live.Key, out var ledger)) return;
        if (!ledger.Posted.Exists(posted => ReferenceEquals(posted.Message, message))) Note(ledger, message);
    }

    public void WorkerChanged(SimStore from, WorkerChange change, WorkerRecord? changed)
    {
        if (changed is not null && change.IsMade(changed)) world.Trace.Add(from.Owner, $"{(change.Paused ? "pauses" : "resumes")} worker {change.Worker}");
    }

    public void RunsClaimed(SimStore from, RunClaim claim, ClaimedRuns claimed)
    {
        if (claimed.Fenced)
        {
            if (_workers[claim.Stamp.Worker].IsDead) Counts.RefusedZombies++;
            return;
        }
        CheckStamp(claim.Stamp);
        if (claimed.Runs.Count > 0) CheckTakesWork(claim.Stamp.Worker);
        _queues.Taken(claimed);
        _queues.Owned(from, claim.Stamp.Worker);
        _builds.Taken(from, claim.Stamp.Worker, claimed);
        foreach (var run in claimed.Runs)
        {
            Counts.Claims++;
            var ledger = _runs[run.Row.Key];
            world.Trace.Add(from.Owner, $"claims term {run.Row.Term}, losses {run.Row.Losses}", ledger.Id);
            if (run.Row.Term <= ledger.Term) world.Fail("I-11", $"Run {ledger.Id} was claimed in term {run.Row.Term} after term {ledger.Term}.");
            if (ledger.Worker != 0 && ledger.Worker != claim.Stamp.Worker && _workers[ledger.Worker].IsDead)
            {
                ledger.Takeovers++;
                Counts.Takeovers++;
            }
            (ledger.Term, ledger.Worker) = (run.Row.Term, claim.Stamp.Worker);
        }
    }

    public void TasksClaimed(SimStore from, TaskClaim claim, ClaimedTasks claimed)
    {
        if (claimed.Fenced) return;
        CheckStamp(claim.Stamp);
        if (claimed.Tasks.Count > 0) CheckTakesWork(claim.Stamp.Worker);
        _queues.Taken(claimed);
        _losses.Taken(claimed, claimed.Now);
        foreach (var task in claimed.Tasks)
        {
            world.Trace.Add(from.Owner, $"takes task {task.Attempt.Operation}, attempt {task.Number}", task.RunId);
            _runs[task.Attempt.Run].Tasks[task.Attempt.Operation] = (claim.Stamp.Worker, task.Attempt.Token, task.Number);
            _runs[task.Attempt.Run].TaskClaims.Add((task.Attempt.Operation, task.Number, world.NextOrder()));
        }
    }

    public void TasksCompleted(SimStore from, LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, TaskReport report)
    {
        if (report.Fenced)
        {
            if (_workers[stamp.Worker].IsDead) Counts.RefusedZombies++;
            return;
        }
        CheckStamp(stamp);
        for (var i = 0; i < completions.Count; i++)
        {
            var attempt = completions[i].Attempt;
            world.Trace.Add(from.Owner, $"result of task {attempt.Operation} {(report.Accepted[i] ? "posted" : "refused")}", IdOf(attempt.Run));
            if (!report.Accepted[i]) continue;
            CheckTask(stamp.Worker, attempt);
            Note(_runs[attempt.Run], completions[i].Result);
        }
    }

    public void TasksWithdrawn(SimStore from, IReadOnlyList<TaskCompletion> withdrawals, IReadOnlyList<bool> done)
    {
        for (var i = 0; i < withdrawals.Count; i++)
        {
            var (attempt, result) = withdrawals[i];
            var ledger = _runs[attempt.Run];
            world.Trace.Add(from.Owner, $"withdraws task {attempt.Operation}: {(done[i] ? "done" : "too late")}", ledger.Id);
            // A repeated call is told again of what it has done.
            if (!done[i] || ledger.Posted.Exists(posted => posted.Message.Id == result.Id)) continue;
            if (ledger.Tasks.TryGetValue(attempt.Operation, out var held) && held.Token == attempt.Token && !_workers[held.Worker].IsDead)
                world.Fail("I-15", $"Task {attempt.Operation} of run {ledger.Id} was withdrawn, but worker {held.Worker} has it.");
            Counts.Withdrawn++;
            Note(ledger, result);
        }
    }

    public void Posted(SimStore from, IReadOnlyList<OutgoingMessage> messages, IReadOnlyList<PostOutcome> outcomes)
    {
        for (var i = 0; i < messages.Count; i++)
        {
            var message = messages[i];
            world.Trace.Add(from.Owner, $"posts {message.Kind} {message.Name}: {outcomes[i].Verdict}", message.RunId ?? "");
            if (outcomes[i].Verdict == PostVerdict.Accepted) Note(_runs[outcomes[i].RunKey], message);
        }
    }

    public void Reopened(SimStore from, OutgoingMessage message, PostOutcome outcome)
    {
        if (outcome.Verdict != PostVerdict.Accepted) return;
        var ledger = _runs[outcome.RunKey];
        world.Trace.Add(from.Owner, "reopens", ledger.Id);
        Counts.Reopened++;
        if (outcome.Status is RunStatus.Cancelled or RunStatus.Terminated) Counts.ReopenedStopped++;
        (ledger.ClosedOrder, ledger.Close) = (0, null);
        Note(ledger, message);
    }

    private void Note(RunLedger ledger, OutgoingMessage message)
    {
        Counts.Messages++;
        ledger.Posted.Add((message, world.NextOrder()));
    }

    private Instant Now => Instant.From(data.Clock.GetUtcNow());

    private string IdOf(long run) => _runs.TryGetValue(run, out var ledger) ? ledger.Id : "";

    private void Born(SimStore from, RunBirth birth, BirthOutcome outcome, long worker)
    {
        world.Trace.Add(from.Owner, $"start: {outcome.Verdict}", birth.Id);
        if (outcome.Verdict != BirthVerdict.Created) return;
        if (_runs.TryGetValue(outcome.Key, out var known))
        {
            if (known.Id != birth.Id) world.Fail("I-03", $"The start of {birth.Id} was told that it created {known.Id}.");
            return;
        }
        if (birth.StartKey is { } key)
        {
            if (_startKeys.TryGetValue(key, out var former) && former.KeyFreeAt > Now) world.Fail("I-03", $"Start key {key} created the runs {former.Key} and {birth.Key}.");
            _startKeys[key] = birth;
        }
        var ledger = new RunLedger(birth);
        _runs.Add(birth.Key, ledger);
        _byId.Add(birth.Id, ledger);
        if (worker != 0) (ledger.Worker, ledger.Term) = (worker, 1);
        Append(ledger, birth.Events, Now, worker);
    }

    private void Committed(SimStore from, in LaneStamp stamp, RunBundle bundle, in BundleOutcome outcome, Instant now)
    {
        if (bundle.Birth is { } birth)
        {
            Born(from, birth, outcome.Birth, bundle.Owned ? stamp.Worker : 0);
            if (outcome.Birth.Verdict != BirthVerdict.Created) return;
        }
        var ledger = _runs[bundle.Run];
        if (ledger.ClosedOrder != 0) world.Fail("I-07", $"Run {ledger.Id} was written to after its end.");
        if (bundle.Term < ledger.Term) world.Fail("I-11", $"Run {ledger.Id} was written to in term {bundle.Term} after term {ledger.Term}.");
        if (bundle.Term == ledger.Term && ledger.Worker != stamp.Worker)
            world.Fail("I-11", $"Worker {stamp.Worker} wrote to run {ledger.Id} in term {bundle.Term} of worker {ledger.Worker}.");
        if (data.Runs.Find(bundle.Run) is { } row && row.Owner != stamp.Worker && !outcome.Closed && !outcome.Released)
            world.Fail("I-11", $"Worker {stamp.Worker} wrote to run {ledger.Id}, which worker {row.Owner} owns.");
        if (bundle.Row is not null && outcome.Inbox > bundle.Seen) Counts.UnreadAtCommit++;
        foreach (var attempt in bundle.EndedTasks) CheckTask(stamp.Worker, attempt);
        foreach (var task in bundle.NewTasks)
        {
            if (task.Claimed) ledger.Tasks[task.Operation] = (stamp.Worker, task.TokensUsed + 1, task.AttemptsUsed + 1);
            else ledger.Tasks.Remove(task.Operation);
        }
        Append(ledger, bundle.Events, now, stamp.Worker);
        foreach (var task in bundle.NewTasks)
            if (task.Claimed) ledger.TaskClaims.Add((task.Operation, task.AttemptsUsed + 1, world.NextOrder()));
        if (outcome.Closed)
        {
            Append(ledger, bundle.Close!.Event, now, stamp.Worker);
            (ledger.Close, ledger.ClosedOrder) = (bundle.Close, world.NextOrder());
            if (ledger.FirstClosedOrder == 0) ledger.FirstClosedOrder = ledger.ClosedOrder;
        }
        world.Trace.Add(from.Owner,
            $"group {stamp.Number}: {bundle.Events.Count} events{(bundle.Row is { } update ? $", {update.Status}" : "")}{(outcome.Closed ? $", closed {bundle.Close!.Status}" : "")}{(outcome.Released ? ", released" : "")}",
            ledger.Id);
    }

    private void Append(RunLedger ledger, in EventBatch batch, Instant now, long worker)
    {
        if (batch.FirstSequence != ledger.Events.Count && batch.Count > 0)
        {
            world.Fail("I-13", $"Run {ledger.Id} has {ledger.Events.Count} events and got one of number {batch.FirstSequence}.");
            return;
        }
        var (offset, checksum) = (0, ledger.Checksum);
        try
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var e = EventCodec.Read(batch.Bytes, ref offset, ledger.Events.Count, ref checksum);
                ledger.Events.Add(new CommittedEvent(e, world.NextOrder(), world.Now, now, worker));
                Counts.Events++;
                if (world.Trace.IsVerbose) world.Trace.Note("store", $"  {e.Sequence} {e.Kind} {e.Name} #{e.Operation} attempt {e.Attempt} {e.Note}", ledger.Id);
            }
        }
        catch (CorruptHistoryException e)
        {
            world.Fail("I-13", $"Run {ledger.Id}: {e.Message}");
        }
        ledger.Checksum = checksum;
    }

    private void CheckStamp(in LaneStamp stamp)
    {
        if (_workers[stamp.Worker].IsDead) world.Fail("I-11", $"Worker {stamp.Worker} wrote after it had been marked dead.");
        _lastCommitted[(stamp.Worker, stamp.Lane)] = stamp.Number;
        if (_refusedForEver.Contains((stamp.Worker, stamp.Lane, stamp.Number)))
            world.Fail("I-37", $"Attempt {stamp.Number} of worker {stamp.Worker} was committed after it had been resolved as not committed.");
    }

    private void CheckTakesWork(long worker)
    {
        if (data.Workers.Find(worker)!.Pause is not null) world.Fail("I-40", $"Worker {worker} was given work although it is paused.");
    }

    private void CheckTask(long worker, in TaskAttempt attempt)
    {
        var ledger = _runs[attempt.Run];
        if (!ledger.Tasks.TryGetValue(attempt.Operation, out var current) || current.Worker != worker || current.Token != attempt.Token)
            world.Fail("I-15", $"The result of attempt {attempt.Token} of task {attempt.Operation} of run {ledger.Id} was taken, but it is not the current one.");
    }

    private sealed class WorkerLedger(string owner)
    {
        public string Owner { get; } = owner;

        public TimeSpan Lease { get; init; }

        public Instant LeaseUntil { get; set; }

        public bool IsDead { get; set; }

        /// <summary>When it was marked dead, in the world's time.</summary>
        public long DeadAt { get; set; }
    }
}
