using Perdure.Storage;

namespace Perdure.Tests.Runtime.Driving;

/// <summary>A queued activity, as its row says.</summary>
internal sealed class StoredTask(int operation, string name, ReadOnlyMemory<byte> input, Instant due, int attempt)
{
    public int Operation { get; } = operation;

    public string Name { get; } = name;

    public ReadOnlyMemory<byte> Input { get; } = input;

    public Instant Due { get; } = due;

    /// <summary>Number of the attempt that comes next.</summary>
    public int Attempt { get; } = attempt;

    public bool CancelAsked { get; set; }
}
