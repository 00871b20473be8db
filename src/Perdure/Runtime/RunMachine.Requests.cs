using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>Hooks and questions to people. Their rows are written with their events; whether an answer or the end of their time came first is the store's word.</content>
internal sealed partial class RunMachine
{
    private InheritedHooks? _inheritedHooks;

    private HookLeavings? _leavings;

    /// <summary>Whether the run has ever made a request, so that its end has some to withdraw.</summary>
    public bool HasRequests { get; private set; }

    public HookOperation<T> CreateHook<T>(string name, TimeSpan? timeout, int maxReceipts, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) throw refusal;
        var number = _operations++;
        var inherited = _inheritedHooks?.Claim(name, number);
        var operation = new HookOperation<T>(number, name, inherited?.Answers ?? maxReceipts, source, shielded, inherited) { Place = Place };
        OpenRequest(operation, timeout, inherited);
        return operation;
    }

    public Task<T> RequestInput<T>(string name, InputForm form, InputOptions options, SourceLine source, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<T>(refusal);
        for (var i = 0; i < _open.Count; i++)
        {
            if (_open[i] is { Kind: OperationKind.Input } open && open.Name == name)
                return Task.FromException<T>(new InvalidOptionException(nameof(name), $"The question '{name}' is open already; give the second one another name, or wait for the first."));
        }
        var fallback = options.DefaultValue is null ? PayloadCodec.Null : _kit.Codec.SerializeFor(options.DefaultValue, typeof(T), PayloadKind.Input);
        var operation = new InputOperation<T>(_operations++, name, form, options, fallback, source, shielded) { Place = Place };
        OpenRequest(operation, options.Timeout);
        return operation.Result;
    }

    /// <summary>An answer arrived. False: its message is known.</summary>
    public bool Answered(string messageId, RequestAnswerJson answer, Instant now)
    {
        if (!Note(messageId, Instant.Earliest)) return false;
        _now = now;
        // A run that is about to end takes note of it, for its next life, and tells its code nothing.
        var holder = _inheritedHooks?.HolderOf(answer.Operation) ?? answer.Operation;
        var isTold = Ending is null && holder != EventRecord.NoOperation;
        var e = new EventRecord
        {
            Kind = answer.Kind == OperationKind.Hook ? EventKind.HookReceived : EventKind.InputProvided,
            Operation = isTold ? holder : EventRecord.NoOperation, Name = answer.Name, Note = messageId, Data = answer.WriteEvent(),
        };
        if (isTold) Turn(e);
        else
        {
            var noted = _history.Append(e, now);
            if (_inheritedHooks?.TakeEarly(noted) != true) (_leavings ??= new()).AddLate(noted);
            if (Ending is null) EndTurn();
        }
        return true;
    }

    /// <summary>The store says that the time of a request was up before anybody answered. False: it is over anyway.</summary>
    public bool RequestExpired(int number, Instant now)
    {
        if (Ending is not null || _open.Find(_inheritedHooks?.HolderOf(number) ?? number) is not RequestOperation request) return false;
        number = request.Number;
        _now = now;
        Turn(new EventRecord { Kind = request.ExpiryEvent, Operation = number, Name = request.Name, Source = request.SourceText });
        return true;
    }

    private void OpenRequest(RequestOperation operation, TimeSpan? timeout, OpenHook? inherited = null)
    {
        var isNew = IsBeyondRecord();
        IReadOnlyList<EventRecord> answers = [];
        if (_carry is null || !_carry.FindRequest(operation, out var created, out answers))
        {
            created = Emit(new EventRecord
            {
                Kind = operation.CreationEvent, Operation = operation.Number, Name = operation.Name, Source = operation.SourceText,
                Due = inherited is null ? LimitOf(timeout) : new Instant(inherited.Due), Data = isNew ? operation.Describe(_kit) : default,
            }, operation, out _);
        }
        HasRequests = true;
        operation.Created(created, _kit);
        if (isNew) Draft.OpenRequest(operation.ToRow(created, _kit));
        OpenTimed(operation, created.Due);
        if (inherited is not null) HandOverEarly(operation, inherited);
        foreach (var answer in answers) _carry!.HandOver(operation, answer);
    }

    /// <summary>What was answered before the code asked for the hook reaches it in turns of their own, before anything new.</summary>
    private void HandOverEarly(RequestOperation operation, OpenHook inherited)
    {
        foreach (var answer in _inheritedHooks!.EarlyAnswersOf(inherited)) (_carry ??= new Carry(_signals, _seed.MaxCrashes)).HandOver(operation, answer);
    }

    /// <summary>An answer, or the end of a request's time, reaches the code; one that nobody waits for any more only stands in the history.</summary>
    private void ApplyAnswer(in EventRecord e)
    {
        if (_inheritedHooks?.TakeEarly(e) == true) return;
        if (_main is null || IsSpent) _carry?.Absorb(e, e.Losses + _turnBlocks);
        else if (e is { Kind: EventKind.HookReceived, Operation: EventRecord.NoOperation }) (_leavings ??= new()).AddLate(e);
        // Code that has ended is told nothing more, live and on replay.
        else if (!_main.IsCompleted && _open.Find(e.Operation) is RequestOperation request && request.Accepts(e)) Answer(request, e);
    }

    private void Answer(RequestOperation request, in EventRecord e)
    {
        if (request.IsLastAnswer || e.Kind == request.ExpiryEvent)
        {
            if (e.Kind == EventKind.HookReceived) (_leavings ??= new()).AddFull(request);
            Complete(request, e);
            return;
        }
        _pump.Complete(request, e, _kit.Codec);
        ThrowIfBlocked();
    }

    /// <summary>Asks the store whether the time of a request is up, or somebody was faster.</summary>
    private void Expire(RequestOperation request)
    {
        request.Due = Instant.Never;
        Draft.ExpireRequest(request.Row);
        EndTurn();
    }

    /// <summary>Requests that an attempt of the code does not make again are nobody's.</summary>
    private void WithdrawSuperseded()
    {
        if (_carry?.TakeSupersededRequests() is not { } superseded) return;
        foreach (var number in superseded)
            if (_open.Find(number) is not RequestOperation) Draft.WithdrawRequest(number);
    }
}
