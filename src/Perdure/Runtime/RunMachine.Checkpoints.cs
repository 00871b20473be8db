using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Checkpoints of steps: noted beside the turns, since the code does not see them.</content>
internal sealed partial class RunMachine
{
    private Checkpoints? _checkpoints;

    /// <summary>What the steps of the run have saved; null for nothing.</summary>
    public Checkpoints? Checkpoints => _checkpoints;

    /// <summary>A running body saves how far it has come; empty deletes that. False: it is not the current attempt any more.</summary>
    public bool SaveCheckpoint(BodyOperation operation, int attempt, ReadOnlyMemory<byte> value, Instant now)
    {
        if (_isHalted || operation.IsDone || operation.Stage != BodyStage.Running || operation.CurrentAttempt != attempt) return false;
        _history.Append(new EventRecord
        {
            Kind = EventKind.StepCheckpoint, Operation = operation.Number, Undoes = operation.Undoes, Name = operation.Name, Attempt = attempt, Data = value,
        }, now);
        (_checkpoints ??= new()).Set(operation.Number, operation.Name, value);
        return true;
    }
}
