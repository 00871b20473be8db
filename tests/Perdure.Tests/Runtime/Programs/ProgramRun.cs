using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime.Programs;

/// <summary>
/// One random program with random events: made, driven to its end, and then loaded again from every beginning of its history. All of it follows from the seed.
/// </summary>
internal sealed class ProgramRun
{
    private readonly Random _random;
    private readonly ProgramNode _program;
    private readonly Counts _counts;
    private readonly int _seed;
    private readonly bool _isPatched;
    private int _outside;

    public ProgramRun(int seed, Counts counts)
    {
        _seed = seed;
        _counts = counts;
        _random = new Random(seed);
        _program = new ProgramMaker(_random).Make(withWhenAny: seed % 3 == 0);
        // Every other program is changed while it runs: what is loaded from its history is the code after the change.
        _isPatched = seed % 2 == 0;
    }

    public void Check()
    {
        var options = new HarnessOptions
        {
            RunsTasks = false,
            Settings = new RunSettings { Retry = _random.Next(3) == 0 ? RetryPolicy.Constant(TimeSpan.FromSeconds(1)) with { MaxAttempts = 3 } : null },
            RunTimeout = _random.Next(8) == 0 ? TimeSpan.FromSeconds(_random.Next(40)) : null,
            Jitter = _random.NextDouble,
        };
        var witness = new Witness();
        var run = Begin(options, witness, fork: null, events: 0);
        var driver = new ProgramDriver(run, witness, _random);
        Guard(run, witness, "while it ran", () => driver.Drive(_random.Next(80)));
        _counts.Add(_program, driver, run);
        Verify(run, witness);
    }

    /// <summary>Loads the run from every beginning of its history, and lets some of them go on differently.</summary>
    private void Verify(MachineHarness run, Witness witness)
    {
        var events = run.Events;
        CheckRules(events);
        for (var cut = 1; cut < events.Length; cut++)
        {
            var end = EndOfTurn(events, cut);
            // A run that has ended is not loaded before it is reopened.
            if (IsEnd(events[cut - 1].Kind)) continue;
            // The value of a side effect is what the outside world says at that moment, and no run stops between a question for its version and the end of the turn.
            if (HasSideEffect(events, cut, end)) continue;
            // Nobody knows whether the code of before was entered: the changed code may take the other way.
            if (!_isPatched && cut == 1 && _program.Contains(static node => node.Op == ProgramOp.Patch)) continue;
            _counts.Replays++;
            if (end != cut) _counts.InteriorCuts++;
            var copy = witness.Until(end);
            var fork = Begin(run.Options, copy, run, cut);
            fork.Now = events[cut - 1].At;
            Guard(fork, copy, $"when it was loaded from its first {cut} of {events.Length} events", () => fork.Load());
            var attempt = AttemptAt(events, cut);
            if (fork.Blocked is null && attempt > 0 && copy.Replayed != witness.SeenAt(attempt, end))
                Fail(fork, $"its first {cut} events showed it {copy.Replayed} things instead of {witness.SeenAt(attempt, end)}");
            if (_random.Next(24) != 0) continue;
            _counts.Continued++;
            var driver = new ProgramDriver(fork, copy, _random);
            Guard(fork, copy, $"when it went on from its first {cut} events", () => driver.Drive(_random.Next(30)));
            CheckRules(fork.Events);
            var whole = Begin(run.Options, copy, fork, fork.Events.Length - 1);
            Guard(whole, copy, "when all of its second end was replayed", () => whole.Load());
        }
    }

    private MachineHarness Begin(HarnessOptions options, Witness witness, MachineHarness? fork, int events)
    {
        var interpreter = new ProgramInterpreter(_program, witness, () => _outside++, _isPatched || fork is not null);
        var workflow = MachineHarness.Describe<int, int>(interpreter.RunAsync);
        var run = fork is null ? new MachineHarness(workflow, PayloadCodec.Default.Serialize(7), options) : fork.Fork(events);
        run.Workflow = workflow;
        witness.Events = () => run.Machine.EventCount;
        return run;
    }

    private void Guard(MachineHarness run, Witness witness, string when, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is not ProgramFailedException)
        {
            Fail(run, $"{when}: {e}");
        }
        if (run.Blocked is { } block) Fail(run, $"it was blocked {when}: {block.Message}");
        if (witness.Difference is { } difference) Fail(run, $"{when}, {difference}");
    }

    private void CheckRules(EventRecord[] events)
    {
        var attempts = new Dictionary<(int, string), int>();
        for (var i = 0; i < events.Length; i++)
        {
            var e = events[i];
            if (i > 0 && e.At < events[i - 1].At) throw new ProgramFailedException($"seed {_seed}: event {i} is older than its predecessor");
            if (e.Kind is EventKind.StepCompleted or EventKind.StepFailed && e.Attempt > 0 && e.Note is not (FailureNotes.Cancelled or FailureNotes.Unknown))
            {
                if (e.Attempt <= attempts.GetValueOrDefault((e.Operation, e.Name)))
                    throw new ProgramFailedException($"seed {_seed}: event {i} repeats attempt {e.Attempt} of operation {e.Operation} \"{e.Name}\"");
                attempts[(e.Operation, e.Name)] = e.Attempt;
            }
        }
    }

    /// <summary>Where the turn ends that the event before <paramref name="cut"/> belongs to.</summary>
    private static int EndOfTurn(EventRecord[] events, int cut)
    {
        var end = cut;
        while (end < events.Length && !BeginsTurn(events[end])) end++;
        return end;
    }

    private static bool BeginsTurn(in EventRecord e) => EventKinds.IsStimulus(e) || EventKinds.IsNeutral(e.Kind) && e.Kind != EventKind.VersionMarker
        || e.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset || IsEnd(e.Kind);

    private static bool IsEnd(EventKind kind) => kind is EventKind.WorkflowCompleted or EventKind.WorkflowFailed
        or EventKind.WorkflowCancelled or EventKind.WorkflowTimedOut or EventKind.WorkflowTerminated;

    private static bool HasSideEffect(EventRecord[] events, int from, int to)
    {
        for (var i = from; i < to; i++)
            if (events[i].Kind is EventKind.SideEffect or EventKind.VersionMarker) return true;
        return false;
    }

    /// <summary>The attempt whose code is entered when the first events are loaded, or 0.</summary>
    private static int AttemptAt(EventRecord[] events, int cut)
    {
        for (var i = cut - 1; i >= 0; i--)
        {
            if (events[i].Kind == EventKind.WorkflowStarted) return Math.Max(1, events[i].Attempt);
            if (events[i].Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) return 0;
        }
        return 0;
    }

    private void Fail(MachineHarness run, string why)
    {
        var story = string.Join("\n  ", run.Events.Select(e => $"{e.Sequence} {e.Kind} {(e.Operation < 0 ? "" : $"#{e.Operation}")} {e.Name} attempt {e.Attempt} {e.Note}"));
        throw new ProgramFailedException($"Seed {_seed} (set PERDURE_SEED={_seed} to run it alone): {why}\nProgram: {_program}\nHistory:\n  {story}");
    }
}

internal sealed class ProgramFailedException(string message) : Exception(message);
