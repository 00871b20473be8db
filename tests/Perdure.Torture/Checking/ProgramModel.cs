using System.Globalization;
using Perdure.Torture.Adapter.Programs;
using Perdure.Torture.Records;

namespace Perdure.Torture.Checking;

/// <summary>
/// What a program must do, given the events of its run in order: which steps it asks for with which witness, and how it ends. Written from the protocol, apart from the
/// interpreter that runs in the engine, so that they can disagree.
/// </summary>
internal sealed class ProgramModel
{
    /// <summary>What a program that goes on as new waits for; no operation has such an id.</summary>
    private const string Continued = "(continued)";

    private readonly Dictionary<string, (TaskCompletionSource<string?> Outcome, ModelFlow Flow)> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<string> _givenUp = new(StringComparer.Ordinal);
    private int _generation;
    private bool _cancelled;

    private ProgramModel()
    {
    }

    /// <summary>The witness of each step that is asked for.</summary>
    public Dictionary<string, string> In { get; } = new(StringComparer.Ordinal);

    public string State { get; private set; } = DumpedRun.Running;

    public string? Result { get; private set; }

    /// <summary>What is wrong with the events; null: nothing.</summary>
    public string? Complaint { get; private set; }

    public static ProgramModel Replay(TortureProgram program, IEnumerable<DumpedEvent> events)
    {
        var model = new ProgramModel();
        // Everything goes on inside of the call that completes it, so the order is that of the events.
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            _ = model.RunAsync(program);
            foreach (var e in events) model.Happen(e);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
        return model;
    }

    private async Task RunAsync(TortureProgram program)
    {
        try
        {
            var h = program.Ph;
            while (true)
            {
                var (after, goesOn) = await GenerationAsync(program, h);
                if (!goesOn)
                {
                    (State, Result) = _cancelled ? ("cancelled", null) : ("completed", after);
                    return;
                }
                _generation++;
                h = after;
            }
        }
        catch (ModelException e)
        {
            if (State == DumpedRun.Running) State = e.State;
        }
        catch (Exception e)
        {
            Complaint ??= $"the model failed: {e.Message}";
        }
    }

    /// <summary>Runs the program until its end, or until it goes on as new; then with the witness that the next generation begins with.</summary>
    private async Task<(string H, bool GoesOn)> GenerationAsync(TortureProgram program, string h)
    {
        var flow = ModelFlow.Outermost(_generation);
        // Only at the top level a program may go on as new.
        foreach (var operation in program.Ops)
        {
            CheckCancel(flow);
            if (operation.O != "can") h = await OneAsync(operation, h, flow);
            else if (_generation < operation.N) return (await NextAsync(operation, h, flow), true);
        }
        return (h, false);
    }

    private async Task<string> NextAsync(Operation can, string h, ModelFlow flow)
    {
        var expected = Witness.Of(h, flow.Qualify(can.Id!), "can", (_generation + 1).ToString(CultureInfo.InvariantCulture));
        _asked.Remove(Continued);
        var next = await AskAsync(Continued, flow);
        if (next != expected) Complaint ??= $"generation {_generation + 1} began with the witness {next} instead of {expected}";
        return expected;
    }

    private void Happen(DumpedEvent e)
    {
        switch (e.Type)
        {
            case "step" or "step-failed" or "value" or "timer" or "signal" or "signal-timeout" or "child":
                Complete(e);
                break;
            case "continued":
                Complete(e with { S = Continued });
                break;
            case "cancel":
                _cancelled = true;
                // Asked before the run's code was entered: the code never runs, not even what it would have shielded.
                if (e.Attempt is null) (State, Result) = ("cancelled", null);
                // The end of a run that did not know of it must not have been written.
                if (State == "completed") (State, Result) = ("cancelled", null);
                foreach (var (s, (outcome, flow)) in _open.ToArray())
                {
                    if (flow.IsShielded) continue;
                    GiveUp(s);
                    outcome.SetException(new ModelException("cancelled"));
                }
                break;
        }
    }

    private void Complete(DumpedEvent e)
    {
        if (_open.Remove(e.S ?? "", out var asked)) asked.Outcome.SetResult(e.Type is "step-failed" ? null : e.Type is "signal-timeout" ? "timeout" : e.X ?? "");
        else if (!_asked.Contains(e.S ?? "")) Complaint ??= $"at {e.Pos}, '{e.Type}' of {e.S}, which was not asked for";
        // What a step returned after it was given up is no harm.
        else if (!_givenUp.Remove(e.S!)) Complaint ??= $"at {e.Pos}, '{e.Type}' of {e.S}, which had ended";
    }

    private async Task<string> ListAsync(IReadOnlyList<Operation> operations, string h, ModelFlow flow)
    {
        foreach (var operation in operations)
        {
            CheckCancel(flow);
            h = await OneAsync(operation, h, flow);
        }
        return h;
    }

    private async Task<string> OneAsync(Operation operation, string h, ModelFlow flow)
    {
        var s = operation.Id is null ? "" : flow.Qualify(operation.Id);
        switch (operation.O)
        {
            case "step":
                return await StepAsync(s, h, flow) ?? throw new ModelException("failed");
            case "sleep":
                await AskAsync(s, flow);
                return await ProbeAsync(operation, Witness.Of(h, s, "timer", "fired"), flow);
            case "wait":
                var mid = await AskAsync(s, flow);
                return await ProbeAsync(operation, mid == "timeout" ? Witness.Of(h, s, "timeout", "-") : Witness.Of(h, s, "signal", mid!), flow);
            case "now" or "uuid" or "rand":
                return Witness.Of(h, s, operation.O, (await AskAsync(s, flow with { IsShielded = true }))!);
            case "all" or "each" or "any":
                return await FanOutAsync(operation, s, h, flow);
            case "child":
                return await ChildAsync(s, h, flow);
            case "saga":
                return await SagaAsync(operation, s, h, flow);
            case "loop":
                for (var i = 0; i < operation.N; i++) h = await ListAsync(operation.Body(), h, flow.Turn(i));
                return h;
            case "shield":
                return await ListAsync(operation.Body(), h, flow with { IsShielded = true });
            case "fail":
                throw new ModelException("failed");
            default:
                throw new InvalidOperationException($"unknown operation '{operation.O}'");
        }
    }

    private async Task<string> ChildAsync(string s, string h, ModelFlow flow)
    {
        const string Completed = "completed:";
        var end = (await AskAsync(s, flow))!;
        return end.StartsWith(Completed, StringComparison.Ordinal) ? Witness.Of(h, s, "child", end[Completed.Length..]) : Witness.Of(h, s, end == "cancelled" ? "child-cancelled" : "child-failed", "-");
    }

    private async Task<string> ProbeAsync(Operation of, string h, ModelFlow flow) =>
        await StepAsync(flow.Qualify(of.Id + ".p"), h, flow) ?? throw new ModelException("failed");

    /// <summary>The witness after a step; null: it failed for good.</summary>
    private async Task<string?> StepAsync(string s, string h, ModelFlow flow)
    {
        In[s] = h;
        return await AskAsync(s, flow) is { } x ? Witness.Of(h, s, "ok", x) : null;
    }

    private Task<string?> AskAsync(string s, ModelFlow flow)
    {
        var outcome = new TaskCompletionSource<string?>();
        // What happens in a branch after the race is over is nobody's business.
        if (flow.Race is { IsOver: true }) return outcome.Task;
        if (!_asked.Add(s)) throw new InvalidOperationException($"{s} is asked for twice");
        _open[s] = (outcome, flow);
        return outcome.Task;
    }

    private async Task<string> FanOutAsync(Operation fanOut, string s, string h, ModelFlow flow)
    {
        var branches = fanOut.Branches();
        var race = new ModelRace(branches.Count, isFirstEnough: fanOut.O == "any");
        for (var i = 0; i < branches.Count; i++) _ = BranchAsync(i);
        try
        {
            await race.Over;
        }
        finally
        {
            Abandon(race);
        }
        return fanOut.O switch
        {
            "any" => Witness.Of(h, s, "any", Text(race.Ends[0])),
            "all" => Witness.Of(h, s, "all", string.Join(',', race.Ends.OrderBy(end => end.Index).Select(end => end.H))),
            _ => race.Ends.Aggregate(h, (folded, end) => Witness.Of(folded, s, "each", Text(end))),
        };

        async Task BranchAsync(int index)
        {
            try
            {
                race.Ended(index, await ListAsync(branches[index], Witness.Of(h, s, "fork", index.ToString(CultureInfo.InvariantCulture)), flow with { Race = race }));
            }
            catch (Exception e)
            {
                race.Failed(e);
            }
        }
    }

    private async Task<string> SagaAsync(Operation saga, string s, string h, ModelFlow flow)
    {
        var shielded = flow with { IsShielded = true };
        var undone = new Stack<Operation>();
        var failed = saga.FailAt == 0;
        for (var i = 0; i < saga.S!.Count && !failed && !IsCancelled(flow); i++)
        {
            if (await StepAsync(flow.Qualify(saga.S[i].Id!), h, shielded) is { } after)
            {
                h = after;
                undone.Push(saga.S[i]);
                failed = saga.FailAt == i + 1;
            }
            else failed = true;
        }
        if (!failed && !IsCancelled(flow)) return Witness.Of(h, s, "saga", "ok");
        foreach (var step in undone) h = await StepAsync(flow.Qualify(step.Id + ".undo"), h, shielded) ?? throw new ModelException("compfailed");
        CheckCancel(flow);
        return Witness.Of(h, s, "saga", "undone");
    }

    private void Abandon(ModelRace race)
    {
        foreach (var (s, (_, flow)) in _open.ToArray())
            if (flow.Race == race) GiveUp(s);
    }

    private void GiveUp(string s)
    {
        _open.Remove(s);
        _givenUp.Add(s);
    }

    private bool IsCancelled(ModelFlow flow) => _cancelled && !flow.IsShielded;

    private void CheckCancel(ModelFlow flow)
    {
        if (IsCancelled(flow)) throw new ModelException("cancelled");
    }

    private static string Text((int Index, string H) end) => $"{end.Index.ToString(CultureInfo.InvariantCulture)}:{end.H}";
}
