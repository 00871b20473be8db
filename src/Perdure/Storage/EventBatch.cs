namespace Perdure.Storage;

/// <summary>
/// Consecutive events of one run that were written together. To a store they are opaque: it keeps the bytes under (run, first sequence).
/// </summary>
/// <param name="FirstSequence">Sequence of the first event.</param>
/// <param name="Count">How many events the bytes hold.</param>
/// <param name="Bytes">The encoded events.</param>
public readonly record struct EventBatch(int FirstSequence, int Count, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Sequence behind the last event.</summary>
    public int End => FirstSequence + Count;
}
