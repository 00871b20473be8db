using System.Threading.Tasks.Sources;

namespace Perdure.Bench.Limits;

/// <summary>What a write of the prototype does.</summary>
internal enum WriteKind
{
    Start,
    Append,
    End,
}

/// <summary>A write that somebody awaits. Its owner uses it again and again, one write at a time, so that it costs no allocation.</summary>
internal sealed class PendingWrite : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    public WriteKind Kind { get; private set; }

    public long Run { get; private set; }

    public int Sequence { get; private set; }

    public byte[] Bytes { get; private set; } = [];

    /// <summary>Sets what is to be written next, and returns what is done when it is durable.</summary>
    public ValueTask Prepare(WriteKind kind, long run, int sequence, byte[] bytes)
    {
        (Kind, Run, Sequence, Bytes) = (kind, run, sequence, bytes);
        _core.Reset();
        return new ValueTask(this, _core.Version);
    }

    public void Done() => _core.SetResult(true);

    public void Failed(Exception error) => _core.SetException(error);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
