namespace Perdure.Storage;

/// <summary>A stored history is damaged. The run is blocked; nothing is written over it.</summary>
internal sealed class CorruptHistoryException(int sequence, string what)
    : Exception($"Event {sequence} of the history is damaged: {what}.")
{
    public int Sequence { get; } = sequence;
}
