using System.Text.Json;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Interpretation;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Says what the events of one history are in the words of the protocol. They must be asked for in order.</summary>
/// <param name="program">The program that ran.</param>
/// <param name="history">The history of one generation.</param>
/// <param name="state">How the last generation stands.</param>
/// <param name="next">The generation that goes on in the place of this one, if any does.</param>
internal sealed class EventTranslator(TortureProgram program, IReadOnlyList<HistoryEvent> history, string state, Generation? next)
{
    private static readonly TranslatedEvent Other = new("other");
    private readonly Dictionary<int, string> _names = NamesOf(history);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly StepRules _rules = new(program);

    /// <summary>The qualified id of a sleep, a wait, a child or a queued step, by its number.</summary>
    public string? NameOf(int? operation) => operation is { } number && _names.TryGetValue(number, out var name) ? name : null;

    public TranslatedEvent Translate(HistoryEvent e) => e.Kind switch
    {
        EventKind.WorkflowStarted => e.Sequence == 0 && program.Next is null ? new("started") : Other,
        EventKind.StepCompleted when _rules.IsValue(e.Name) => new("value", e.Name, e.Data!.Value.GetString()),
        EventKind.StepCompleted => new("step", e.Name, e.Data!.Value.GetProperty("x").GetString()),
        EventKind.StepFailed => Failed(e, e.Name),
        EventKind.ActivityCompleted => new("step", NameOf(e.Operation), e.Data!.Value.GetProperty("x").GetString()),
        EventKind.ActivityFailed or EventKind.ActivityTimedOut => Failed(e, NameOf(e.Operation)!),
        EventKind.SleepStarted => new("timer-set", NameOf(e.Operation)),
        EventKind.SleepCompleted => new("timer", NameOf(e.Operation)),
        EventKind.SignalReceived when e.Operation is null => new("other", e.Name, e.Note),
        EventKind.SignalReceived or EventKind.SignalConsumed => new("signal", NameOf(e.Operation), e.Note),
        EventKind.WaitTimedOut => new("signal-timeout", NameOf(e.Operation)),
        EventKind.ChildStarted => new("child-started", NameOf(e.Operation), ChildIdOf(e.Note!)),
        EventKind.ChildCompleted => new("child", NameOf(e.Operation), $"completed:{e.Data!.Value.GetString()}"),
        EventKind.ChildCancelled => new("child", NameOf(e.Operation), "cancelled"),
        EventKind.ChildFailed => new("child", NameOf(e.Operation), CodeOf(e) == TortureWorkflowCodes.CompensationFailed ? "compfailed" : "failed"),
        EventKind.CancelRequested => new("cancel"),
        EventKind.WorkflowContinuedAsNew => new("continued", X: next?.H),
        EventKind.WorkflowCompleted or EventKind.WorkflowFailed or EventKind.WorkflowCancelled => new(state),
        EventKind.RunBlocked when state == RunStates.Parked && e.Sequence == history.Count - 1 => new(state, X: e.Note),
        _ => Other,
    };

    /// <summary>
    /// A failure is final for the program when the policy is used up or the error says so: the body's own, or that its workers died too often. A step that was given up, by a cancellation or by a race that another branch has won, ends too, but
    /// the program does not see it.
    /// </summary>
    private TranslatedEvent Failed(HistoryEvent e, string s)
    {
        var failures = _failures[s] = _failures.GetValueOrDefault(s) + 1;
        return new(e.IsRetryable == false && (CodeOf(e) is TortureWorkflowCodes.Fatal or ErrorCodes.ActivityFailed || failures >= _rules.MaxFailures(s)) ? "step-failed" : "attempt-failed", s);
    }

    private static string? CodeOf(HistoryEvent e) =>
        e.Data is { ValueKind: JsonValueKind.Object } failure && failure.TryGetProperty("code", out var code) ? code.GetString() : null;

    /// <summary>A note says what becomes of the child with its parent, where that is not the usual, and which it is.</summary>
    private static string ChildIdOf(string note) => note[(note.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static Dictionary<int, string> NamesOf(IReadOnlyList<HistoryEvent> history)
    {
        var names = new Dictionary<int, string>();
        foreach (var e in history)
        {
            if (e is not { Operation: { } number, Data: { } data }) continue;
            if (e.Kind == EventKind.StatePublished && e.Name == TortureWorkflow.Next.Name) names[number + 1] = data.GetString()!;
            else if (e.Kind == EventKind.ActivityScheduled) names[number] = data.Deserialize<StepCall>(ProgramJson.Options)!.S;
        }
        return names;
    }
}
