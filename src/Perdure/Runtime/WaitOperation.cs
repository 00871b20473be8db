using Perdure.Authoring;
using Perdure.Formats;

namespace Perdure.Runtime;

/// <summary>A wait for the next signal of one name, or of any of several names.</summary>
internal abstract class WaitOperation(int number, string name, string[] signals, SourceLine source, bool shielded)
    : Operation(number, OperationKind.Wait, name, source, shielded)
{
    public string[] Signals { get; } = signals;

    public bool Wants(string signal) => Array.IndexOf(Signals, signal) >= 0;

    /// <summary>Whether <paramref name="outcome"/> brought a signal (else the limit passed).</summary>
    protected static bool IsSignal(EventKind outcome) => outcome is EventKind.SignalReceived or EventKind.SignalConsumed;
}

/// <summary>A wait for one signal with its typed payload.</summary>
internal sealed class WaitOperation<T>(int number, string signal, SourceLine source, bool shielded)
    : WaitOperation(number, signal, [signal], source, shielded)
{
    private readonly TaskCompletionSource<Received<T>> _completion = new();

    public override Task Task => _completion.Task;

    public Task<Received<T>> Result => _completion.Task;

    public override void CompleteFromRecord(PayloadCodec codec) => _completion.SetResult(
        IsSignal(Outcome.Kind) ? new Received<T>(true, Payload.Read<T>(codec, Outcome, Name)) : default);

    public override void Fail(Exception exception) => _completion.SetException(exception);
}

/// <summary>A wait for any of several signals.</summary>
internal sealed class WaitAnyOperation(int number, IReadOnlyList<Signal> signals, SourceLine source, bool shielded)
    : WaitOperation(number, string.Join(',', signals.Select(static signal => signal.Name)), [.. signals.Select(static signal => signal.Name)], source, shielded)
{
    private readonly TaskCompletionSource<SignalMatch> _completion = new();

    public override Task Task => _completion.Task;

    public Task<SignalMatch> Result => _completion.Task;

    public override void CompleteFromRecord(PayloadCodec codec)
    {
        if (!IsSignal(Outcome.Kind))
        {
            _completion.SetResult(SignalMatch.TimedOut);
            return;
        }
        var index = Array.IndexOf(Signals, Outcome.Name);
        _completion.SetResult(new SignalMatch(index, signals[index], Payload.Read(codec, Outcome, signals[index])));
    }

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
