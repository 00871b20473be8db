using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>
/// What the row of a run believes of its pending signals: unread ones are counted by whoever posts them, those that the run holds by its owner. A change is
/// told with the row's next update.
/// </summary>
/// <remarks>Under the lock of the actor.</remarks>
internal struct SignalCount
{
    private int _held;
    private bool _isKnown;

    /// <summary>The run has been loaded from this claim: what of the row's number is not in the inbox is what the row believes that the run holds.</summary>
    public void Begin(RunRecord row, IReadOnlyList<InboxMessage> messages)
    {
        _held = row.Signals;
        foreach (var message in messages)
            if (message.Kind == MessageKind.Signal) _held--;
        _isKnown = true;
    }

    /// <summary>How many signals fewer are pending than the row believes.</summary>
    public readonly int Taken(RunMachine? machine, Intake? intake) =>
        (intake?.Signals ?? 0) + (_isKnown && machine is not null ? _held - machine.BufferedSignals : 0);

    /// <summary>A bundle told it.</summary>
    public void Told(RunMachine? machine)
    {
        if (_isKnown && machine is not null) _held = machine.BufferedSignals;
    }
}
