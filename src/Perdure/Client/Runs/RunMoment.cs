using System.Text.Json;

namespace Perdure;

/// <summary>What a run was like when one of its events had been written. Immutable.</summary>
public sealed record RunMoment
{
    /// <summary>The event; all later ones count for nothing.</summary>
    public required HistoryEvent Event { get; init; }

    /// <summary>The status that the event left: of a live run Running when a step or activity was under way, else Suspended.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>The attempt of the workflow.</summary>
    public required int Attempt { get; init; }

    /// <summary>Steps and activities of which an event tells by then.</summary>
    public required IReadOnlyList<RunStep> Steps { get; init; }

    /// <summary>Timers, signals, hooks, questions and children that were waited for. Limits of awaits are left out; of a run that had ended, nothing is here.</summary>
    public required IReadOnlyList<RunWait> WaitingFor { get; init; }

    /// <summary>Signals that had arrived and were not taken.</summary>
    public required IReadOnlyList<PendingSignal> PendingSignals { get; init; }

    /// <summary>The run's data.</summary>
    public required RunDataView Data { get; init; }

    /// <summary>Published state by name.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Published { get; init; }
}
