using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <content>The run ends so that another goes on in its place.</content>
internal sealed partial class RunMachine
{
    private (string Id, ReadOnlyMemory<byte> Input, ContinueAsNewOptions? Options)? _next;
    private int _turnSequence;

    /// <summary>Whether the history was long when this turn began. A function of the history, so that code may branch on it.</summary>
    public bool ShouldContinueAsNew => _turnSequence + 1 >= _kit.HistoryWarning;

    public Task<T> ContinueAsNew<T>(object? input, ContinueAsNewOptions? options, bool shielded)
    {
        if (Refused(shielded) is { } refusal) return Task.FromException<T>(refusal);
        if (_open.HasLocalBody) throw new InvalidOperationException($"The run cannot go on as new while steps are running: {_open}. Await them first.");
        // The same on every replay: the place of the turn in which the code asked for it.
        _next = (DerivedIds.Of(_seed.Id + "\nnext", _turnSequence, _turnTime), _kit.Codec.SerializeFor(input, _workflow!.InputType, PayloadKind.Input), options);
        return new TaskCompletionSource<T>().Task;
    }

    /// <summary>What goes on in the place of this run if it is closed now; null unless it ends for that.</summary>
    public Continuation? BuildContinuation(Instant now)
    {
        if (Ending is not { Status: RunStatus.ContinuedAsNew } || _next is not { } next) return null;
        var received = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (id, at) in _messageIds ?? [])
            if (at > now.Add(-ContinuedFrom.Memory)) received[id] = at.Micros;
        var (hooks, answers) = LeaveHooks();
        // The successor's own history tells of the signals and answers that it gets.
        foreach (var answer in answers) received.Remove(answer.Note!);
        foreach (var signal in _signals.All) received.Remove(signal.Note!);
        return new Continuation(
            next.Id, next.Input, next.Options, answers.Count == 0 ? _signals.All : [.. _signals.All, .. answers],
            new ContinuedFrom(_seed.Id, received, _children?.Notes() ?? [], next.Options is { KeepData: true } && _data is { Values.IsEmpty: false } kept ? kept.Values.Write().ToArray() : null, hooks.Count == 0 ? null : hooks.ConvertAll(static left => left.To)),
            _seed.Deadline.IsNever ? null : _seed.Deadline - _seed.CreatedAt)
        {
            Hooks = hooks.ConvertAll(static left => new RequestMove(left.From, left.To.Row)),
        };
    }

    /// <summary>The hooks that go on in the next run, with the rows that they have here; and the answers that they have got and that no code has asked for.</summary>
    private (List<(int From, OpenHook To)> Hooks, List<EventRecord> Answers) LeaveHooks()
    {
        var (hooks, answers) = (new List<(int, OpenHook)>(), new List<EventRecord>());
        foreach (var request in HooksWithAFuture())
        {
            if (request.Leave(OpenHook.FirstRow - hooks.Count) is var (hook, unread))
                Leave(request.Row, hook, _leavings?.LateOf(request) is { Count: > 0 } late ? [.. unread, .. late] : unread);
        }
        foreach (var (hook, unread) in _inheritedHooks?.Unclaimed() ?? []) Leave(hook.Row, hook with { Row = OpenHook.FirstRow - hooks.Count }, unread);
        return (hooks, answers);

        void Leave(int row, OpenHook hook, IReadOnlyList<EventRecord> unread)
        {
            hooks.Add((row, hook));
            foreach (var answer in unread)
            {
                var data = new RequestAnswerJson(OperationKind.Hook, hook.Row, hook.Request, hook.Name, RequestAnswerJson.GiverOf(answer.Data), RequestAnswerJson.ValueOf(answer.Data));
                answers.Add(new EventRecord { Kind = EventKind.HookReceived, Name = hook.Name, Note = answer.Note, Data = data.WriteEvent() });
            }
        }
    }

    /// <summary>Requests that take answers, and hooks whose answers no code has received, in the order in which the code made them.</summary>
    private List<RequestOperation> HooksWithAFuture()
    {
        var requests = new List<RequestOperation>();
        for (var i = 0; i < _open.Count; i++)
            if (_open[i] is RequestOperation request) requests.Add(request);
        _leavings?.AddUnreadTo(requests);
        requests.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        return requests;
    }

    /// <summary>The code has asked to go on as new. A request to stop that was recorded by now wins.</summary>
    private void EndByContinuing()
    {
        if (_cancellation is not null)
        {
            Ending = RunEnding.Stopped(_cancellation, _deadline, _hasCompensated);
            return;
        }
        Ending = new RunEnding(RunStatus.ContinuedAsNew, PayloadCodec.Default.Serialize(_next!.Value.Id), null);
    }

    /// <summary>What the run before has left to this one.</summary>
    private void Inherit(ContinuedFrom from)
    {
        foreach (var (id, at) in from.Received) Note(id, new Instant(at));
        foreach (var note in from.Children) (_children ??= new()).Note(new EventRecord { Kind = EventKind.ChildStarted, Note = note });
        if (from.Hooks is { } hooks) _inheritedHooks = new InheritedHooks(hooks);
        if (from.Data is { } data) _data = new RunData(this, _kit.Codec, DataValues.Read(data));
    }
}
