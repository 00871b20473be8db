using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Signals: the code waits for one, for any or for all of several, or looks at what has come.</content>
internal sealed partial class RunMachine
{
    public Task<Received<T>> Wait<T>(string signal, TimeSpan? timeout, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<Received<T>>(refusal);
        var operation = new WaitOperation<T>(_operations++, signal, source, shielded) { Place = Place };
        IssueWait(operation, timeout, LimitOf(timeout));
        return operation.Result;
    }

    public Task<SignalMatch> WaitAny(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<SignalMatch>(refusal);
        var operation = new WaitAnyOperation(_operations++, signals, source, shielded) { Place = Place };
        IssueWait(operation, timeout, LimitOf(timeout));
        return operation.Result;
    }

    /// <summary>
    /// One wait for each signal, with one limit for all: what comes is taken by its own wait, so what came before the limit is consumed whatever becomes of the others.
    /// </summary>
    public Task<SignalMatch[]> WaitAll(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<SignalMatch[]>(refusal);
        var due = LimitOf(timeout);
        var waits = new WaitAnyOperation[signals.Count];
        for (var i = 0; i < waits.Length; i++)
        {
            waits[i] = new WaitAnyOperation(_operations++, [signals[i]], source, shielded) { Place = Place };
            IssueWait(waits[i], timeout, due);
        }
        var all = Task.WhenAll(Array.ConvertAll(waits, static wait => wait.Result));
        var group = new WaitGroup(all, waits);
        foreach (var wait in waits) wait.Group = group;
        return all;
    }

    /// <summary>Looks at the oldest signal of a name that nobody has taken. What was seen is recorded. False: there was none.</summary>
    public bool Peek<T>(string signal, SourceLine source, out T? payload)
    {
        MustBeInTurn();
        var number = _operations++;
        if (_carry is null || !_carry.Find(number, OperationKind.Peek, signal, out var seen))
        {
            var e = new EventRecord { Kind = EventKind.SignalPeeked, Operation = number, Name = signal, Source = TextOf(source) };
            if (IsBeyondRecord() && _signals.TryPeek(signal, out var oldest)) e = e with { Note = oldest.Note, Data = oldest.Data };
            seen = Emit(e, null, out _);
        }
        payload = default;
        // Every signal has a message id; only a look at nothing has none.
        if (seen.Note is null) return false;
        try
        {
            payload = Payload.Read<T>(_kit.Codec, seen, signal);
            return true;
        }
        catch (BlockException e)
        {
            throw Stop(e);
        }
    }

    /// <summary>How many signals have come and were not taken.</summary>
    public int BufferedSignals => _signals.Count;

    private Instant LimitOf(TimeSpan? timeout) => timeout is { } limit ? Later(limit) : Instant.Never;

    private void IssueWait(WaitOperation operation, TimeSpan? timeout, Instant due)
    {
        if (IsCarried(operation)) return;
        var e = new EventRecord { Operation = operation.Number, Name = operation.Name, Source = operation.SourceText };
        if (_signals.TryTake(operation.Signals, out var signal))
            CompleteAtOnce(operation, Emit(e with { Kind = EventKind.SignalConsumed, Name = signal.Name, Note = signal.Note, Data = signal.Data }, operation, out _));
        else if (timeout <= TimeSpan.Zero)
            CompleteAtOnce(operation, Emit(e with { Kind = EventKind.WaitTimedOut, Note = EventKinds.ImmediateNote }, operation, out _));
        else
        {
            var started = Emit(e with { Kind = EventKind.WaitStarted, Due = due }, operation, out _);
            operation.Opened = started.Sequence;
            OpenTimed(operation, started.Due);
        }
    }
}
