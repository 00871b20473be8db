using System.Text.Json;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Interpretation;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Dumps;

/// <summary>Says what the events of one history are in the words of the protocol. They must be asked for in order.</summary>
internal sealed class EventTranslator(TortureProgram program, IReadOnlyList<HistoryEvent> history, string state)
{
    private static readonly TranslatedEvent Other = new("other");
    private readonly Dictionary<int, string> _names = NamesOf(history);
    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);
    private readonly StepRules _rules = new(program);

    /// <summary>The qualified id of a sleep or a wait, by its number.</summary>
    public string? NameOf(int? operation) => operation is { } number && _names.TryGetValue(number, out var name) ? name : null;

    public TranslatedEvent Translate(HistoryEvent e) => e.Kind switch
    {
        EventKind.WorkflowStarted => e.Sequence == 0 ? new("started") : Other,
        EventKind.StepCompleted when _rules.IsValue(e.Name) => new("value", e.Name, e.Data!.Value.GetString()),
        EventKind.StepCompleted => new("step", e.Name, e.Data!.Value.GetProperty("x").GetString()),
        EventKind.StepFailed => Failed(e),
        EventKind.SleepStarted => new("timer-set", NameOf(e.Operation)),
        EventKind.SleepCompleted => new("timer", NameOf(e.Operation)),
        EventKind.SignalReceived when e.Operation is null => new("other", e.Name, e.Note),
        EventKind.SignalReceived or EventKind.SignalConsumed => new("signal", NameOf(e.Operation), e.Note),
        EventKind.WaitTimedOut => new("signal-timeout", NameOf(e.Operation)),
        EventKind.CancelRequested => new("cancel"),
        EventKind.WorkflowCompleted or EventKind.WorkflowFailed or EventKind.WorkflowCancelled => new(state),
        EventKind.RunBlocked when state == RunStates.Parked && e.Sequence == history.Count - 1 => new(state, X: e.Note),
        _ => Other,
    };

    /// <summary>
    /// A failure is final for the program when the policy is used up or the error says so. A step that was given up, by a cancellation or by a race that another branch has won, ends too, but
    /// the program does not see it.
    /// </summary>
    private TranslatedEvent Failed(HistoryEvent e)
    {
        var failures = _failures[e.Name] = _failures.GetValueOrDefault(e.Name) + 1;
        var isFatal = e.Data is { ValueKind: JsonValueKind.Object } failure && failure.TryGetProperty("code", out var code) && code.GetString() == TortureWorkflowCodes.Fatal;
        return new(e.IsRetryable == false && (isFatal || failures >= _rules.MaxFailures(e.Name)) ? "step-failed" : "attempt-failed", e.Name);
    }

    private static Dictionary<int, string> NamesOf(IReadOnlyList<HistoryEvent> history)
    {
        var names = new Dictionary<int, string>();
        foreach (var e in history)
        {
            if (e.Kind == EventKind.StatePublished && e.Name == TortureWorkflow.Next.Name && e.Operation is { } number && e.Data is { } id)
                names[number + 1] = id.GetString()!;
        }
        return names;
    }
}
