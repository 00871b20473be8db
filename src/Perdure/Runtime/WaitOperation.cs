using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A wait for the next signal of one name, or of any of several names.</summary>
internal abstract class WaitOperation(int number, string name, string[] signals, SourceLine source, bool shielded)
    : Operation(number, OperationKind.Wait, name, source, shielded)
{
    public string[] Signals { get; } = signals;

    /// <summary>Sequence of the event with which it began; 0 for one that had its outcome at once.</summary>
    public int Opened { get; set; }

    /// <summary>The others that it is waited for together with; null for a wait by itself.</summary>
    public WaitGroup? Group { get; set; }

    public override bool IsBehind(Task task) => base.IsBehind(task) || Group is not null && ReferenceEquals(Group.Task, task);

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

    public override void Complete(in EventRecord outcome, PayloadCodec codec) => _completion.SetResult(
        IsSignal(outcome.Kind) ? new Received<T>(true, Payload.Read<T>(codec, outcome, Name)) : default);

    public override void Fail(Exception exception) => _completion.SetException(exception);
}

/// <summary>A wait for any of several signals.</summary>
internal sealed class WaitAnyOperation(int number, IReadOnlyList<Signal> signals, SourceLine source, bool shielded)
    : WaitOperation(number, NameOf(signals), NamesOf(signals), source, shielded)
{
    private readonly TaskCompletionSource<SignalMatch> _completion = new();

    public override Task Task => _completion.Task;

    public Task<SignalMatch> Result => _completion.Task;

    public override void Complete(in EventRecord outcome, PayloadCodec codec)
    {
        if (!IsSignal(outcome.Kind))
        {
            _completion.SetResult(SignalMatch.TimedOut);
            return;
        }
        var index = Array.IndexOf(Signals, outcome.Name);
        _completion.SetResult(new SignalMatch(index, signals[index], Payload.Read(codec, outcome, signals[index])));
    }

    public override void Fail(Exception exception) => _completion.SetException(exception);

    private static string[] NamesOf(IReadOnlyList<Signal> signals)
    {
        var names = new string[signals.Count];
        for (var i = 0; i < names.Length; i++) names[i] = signals[i].Name;
        return names;
    }

    private static string NameOf(IReadOnlyList<Signal> signals) => string.Join(", ", NamesOf(signals));
}
