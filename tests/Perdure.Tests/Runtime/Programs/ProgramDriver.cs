using Perdure.Authoring;
using Perdure.Client;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime.Programs;

/// <summary>Lets things happen to a run in random order, then brings it to its end.</summary>
internal sealed class ProgramDriver(MachineHarness run, Witness witness, Random random)
{
    private static readonly string[] Signals = ["sa", "sb", "sc", "sd", "se", "sz"];

    private readonly int _cancelAt = random.Next(4) == 0 ? random.Next(40) : -1;
    private int _messages;

    public int Lost { get; private set; }
    public int Evicted { get; private set; }
    public int Cancels { get; private set; }
    public int Reopened { get; private set; }

    public void Drive(int actions)
    {
        Ensure();
        for (var i = 0; i < actions && IsLive; i++)
        {
            if (i == _cancelAt) Cancel();
            else Act();
            Ensure();
            if (i % 11 == 7 && IsLive) EndWait(i);
        }
        Finish();
        if (Reopened < 2 && run.Status is RunStatus.Failed or RunStatus.TimedOut && random.Next(4) == 0)
        {
            Reopened++;
            run.Load(EventKind.RunReset);
            Finish();
        }
    }

    /// <summary>Somebody outside ends the newest wait.</summary>
    private void EndWait(int number)
    {
        if (run.Machine.Ending is not null || OpenWaits.All(run.Events).LastOrDefault() is not { Sequence: > 0 } wait) return;
        run.Turn(machine => machine.WaitEnded($"end-{number}", new WaitOrder(machine.Seed.Id, wait.Sequence, "no need"), run.Now));
        Ensure();
    }

    private bool IsLive => run.Close is null && run.Blocked is null;

    private void Act()
    {
        switch (random.Next(20))
        {
            case 0:
                Evict(lost: true);
                break;
            case 1:
                Evict(lost: false);
                break;
            case < 4 when random.Next(2) == 0 && AnswerRequest(any: true):
                break;
            case < 4:
                Signal(Signals[random.Next(Signals.Length)]);
                break;
            case < 6:
                Skip();
                break;
            case 6 when run.Bodies.Count > 0:
                var slow = run.Bodies[random.Next(run.Bodies.Count)];
                run.Turn(machine =>
                {
                    machine.BodyRunsLong(slow, slow.CurrentAttempt, run.Now, run.Now);
                    machine.SaveCheckpoint(slow, slow.CurrentAttempt, PayloadCodec.Default.Serialize(slow.Number), run.Now);
                });
                break;
            case < 13 when run.Bodies.Count > 0:
                var body = run.Bodies[random.Next(run.Bodies.Count)];
                Deliver(body, Outcome(body.CurrentAttempt, body.CancelAsked));
                break;
            case < 16 when run.Tasks.Count > 0:
                EndTask(run.Tasks.Values.ElementAt(random.Next(run.Tasks.Count)));
                break;
            case < 18 when run.Children.Count > 0:
                run.EndChild(run.Children[random.Next(run.Children.Count)], random.Next(6) switch
                {
                    0 => RunStatus.Failed, 1 => RunStatus.Cancelled, 2 => RunStatus.TimedOut, _ => RunStatus.Completed,
                }, random.Next(1000));
                break;
            default:
                run.Commit();
                break;
        }
    }

    /// <summary>Everything succeeds from now on, and whoever waits gets what it waits for.</summary>
    private void Finish()
    {
        for (var i = 0; i < 5_000 && IsLive; i++)
        {
            Ensure();
            if (run.Machine.Ending is not null || run.Machine.IsSpent || !run.Machine.Draft.IsEmpty) run.Commit();
            else if (run.Bodies.Count > 0) Succeed(run.Bodies[random.Next(run.Bodies.Count)]);
            else if (run.Tasks.Values.FirstOrDefault(task => task.CancelAsked || task.Due <= run.Now) is { } task) Succeed(task);
            else if (run.Children.Count > 0) run.EndChild(run.Children[0], RunStatus.Completed, random.Next(1000));
            else if (!Skip() && !Answer()) throw new InvalidOperationException($"The run waits for nothing: {string.Join(", ", run.Machine.DescribeWaits())}");
        }
        if (IsLive) throw new InvalidOperationException("The run does not end.");
    }

    private void Ensure()
    {
        if (IsLive && !run.IsResident) run.Load();
    }

    private void Evict(bool lost)
    {
        if (lost) Lost++;
        else Evicted++;
        witness.Forget(run.Events.Length);
        run.Evict(lost);
    }

    private void Cancel()
    {
        Cancels++;
        if (random.Next(12) == 0) run.Terminate("enough");
        else run.Cancel("enough", keepQueued: random.Next(4) == 0);
    }

    private void Signal(string name) => run.Signal(name, random.Next(100), random.Next(10) == 0 ? $"same-{name}" : $"m{_messages++}-{run.Machine.EventCount}-{random.Next()}");

    private bool Skip()
    {
        var due = run.Machine.NextDue;
        foreach (var task in run.Tasks.Values) due = Instant.Min(due, task.Due);
        if (due.IsNever || due == Instant.Earliest) return false;
        run.Now = Instant.Max(run.Now, due);
        run.Fire();
        return true;
    }

    private bool Answer()
    {
        foreach (var wait in run.Machine.DescribeWaits())
        {
            if (wait.Kind is "hook" or "input" && AnswerRequest(any: false)) return true;
            if (wait.Kind != "signal") continue;
            Signal(wait.Name.Split(", ")[0]);
            return true;
        }
        return false;
    }

    private void Succeed(BodyOperation body) => Deliver(body, body.CancelAsked
        ? new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = body.CurrentAttempt, Failure = new Failure("cancelled", "It stopped.") }
        : Completed(body.CurrentAttempt));

    // An undo returns nothing.
    private void Deliver(BodyOperation body, BodyOutcome outcome) =>
        run.Deliver(body, body.Undoes is not null && outcome.Verdict == BodyVerdict.Completed ? outcome with { Result = PayloadCodec.Null } : outcome);

    /// <summary>Answers a request of the history: one that is open, or any, which may be over.</summary>
    private bool AnswerRequest(bool any)
    {
        var made = run.Events.Where(static e => EventKinds.OpensRequest(e.Kind)).ToList();
        var open = run.Machine.DescribeWaits().Where(static wait => wait.Kind is "hook" or "input").ToList();
        var asked = any && random.Next(8) == 0 ? made
            : made.FindAll(e => open.Exists(wait => wait.Name == e.Name && wait.Kind == (e.Kind == EventKind.HookCreated ? "hook" : "input")));
        if (asked.Count == 0) return false;
        var request = asked[random.Next(asked.Count)];
        var answer = new RequestAnswerJson(
            request.Kind == EventKind.HookCreated ? OperationKind.Hook : OperationKind.Input, request.Operation, request.Sequence, request.Name, null, PayloadCodec.Default.Serialize(random.Next(100)));
        run.Turn(machine => machine.Answered($"answer{_messages++}-{machine.EventCount}-{random.Next()}", answer, run.Now));
        return true;
    }

    private void Succeed(StoredTask task) => run.End(task, task.CancelAsked ? new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = 0 } : Completed(task.Attempt));

    private void EndTask(StoredTask task)
    {
        if (task.CancelAsked && random.Next(2) == 0) run.End(task, new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = 0 });
        else if (task.Due <= run.Now) run.End(task, Outcome(task.Attempt, task.CancelAsked) with { StartedAt = random.Next(2) == 0 ? run.Now : Instant.Earliest });
    }

    private BodyOutcome Outcome(int attempt, bool cancelAsked)
    {
        if (cancelAsked && random.Next(2) == 0)
            return new BodyOutcome { Verdict = BodyVerdict.Cancelled, Attempt = attempt, Failure = new Failure("cancelled", "It stopped.") };
        return random.Next(10) switch
        {
            0 => Failed(attempt, "bad"),
            1 => Failed(attempt, "worse"),
            2 => Failed(attempt, "worst") with { Final = true },
            3 when random.Next(2) == 0 => Failed(attempt, ErrorCodes.StepTimeout) with { Verdict = BodyVerdict.TimedOut },
            4 when random.Next(2) == 0 => Failed(attempt, "later") with { RetryAt = run.Now.Add(TimeSpan.FromSeconds(random.Next(-5, 20))) },
            _ => Completed(attempt),
        };
    }

    private static BodyOutcome Failed(int attempt, string code) =>
        new() { Verdict = BodyVerdict.Failed, Attempt = attempt, Failure = new Failure(code, $"attempt {attempt} is {code}") };

    private BodyOutcome Completed(int attempt) => new() { Verdict = BodyVerdict.Completed, Attempt = attempt, Result = PayloadCodec.Default.Serialize(random.Next(1000)) };
}
