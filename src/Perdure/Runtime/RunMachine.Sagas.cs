using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Sagas: that one undoes is recorded around its undos, which are steps.</content>
internal sealed partial class RunMachine
{
    private int _compensations;
    private bool _hasCompensated;

    /// <summary>What of the steps and activities the code saw complete last.</summary>
    public CompletedStep? LastCompleted { get; private set; }

    public void BeginCompensation(ReadOnlyMemory<byte> plan, SourceLine source)
    {
        EmitCompensation(EventKind.CompensationStarted, plan, source);
        _compensations++;
    }

    public void EndCompensation(bool isComplete, ReadOnlyMemory<byte> results, SourceLine source)
    {
        EmitCompensation(isComplete ? EventKind.CompensationCompleted : EventKind.CompensationFailed, results, source);
        _compensations--;
        _hasCompensated |= isComplete;
    }

    private void EmitCompensation(EventKind kind, ReadOnlyMemory<byte> data, SourceLine source)
    {
        MustBeInTurn();
        Emit(new EventRecord { Kind = kind, Operation = _operations++, Source = TextOf(source), Data = data }, null, out _);
    }
}
