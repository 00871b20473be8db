using System.Text.Json;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A hook: each answer completes the next of the tasks that the code has asked for, or will.</summary>
/// <param name="number">Its number.</param>
/// <param name="name">Its name.</param>
/// <param name="maxReceipts">How many answers it takes.</param>
/// <param name="source">Where the code asked for it.</param>
/// <param name="shielded">Whether a cancellation leaves it alone.</param>
/// <param name="inherited">The hook of the run before that it goes on with; null for a new one.</param>
internal sealed class HookOperation<T>(int number, string name, int maxReceipts, SourceLine source, bool shielded, OpenHook? inherited)
    : RequestOperation(number, OperationKind.Hook, name, source, shielded), IHookReceipts<T>
{
    private readonly TaskCompletionSource _identity = new();
    private readonly List<TaskCompletionSource<Received<T>>> _receipts = [];
    private readonly Queue<EventRecord> _unread = new();
    private string _nonce = "";
    private Instant _due;
    private int _received;
    private int _asked;
    private bool _expired;
    private Exception? _failure;

    public override Task Task => _identity.Task;

    public Task Identity => _identity.Task;

    public string Token { get; private set; } = "";

    public string Url { get; private set; } = "";

    public DateTimeOffset? ExpiresAt { get; private set; }

    public override EventKind CreationEvent => EventKind.HookCreated;

    public override EventKind ExpiryEvent => EventKind.HookExpired;

    public override EventKind CancelEvent => EventKind.HookDisposed;

    public override bool IsLastAnswer => _received + 1 >= maxReceipts;

    public override bool HasUnread => _unread.Count > 0;

    public override int Row => inherited?.Row ?? Number;

    public override ReadOnlyMemory<byte> Describe(RuntimeKit kit) =>
        RunJson.Write(inherited is null ? new HookCreation(kit.Hooks.NewNonce(), maxReceipts) : new HookCreation(inherited.Nonce, maxReceipts, inherited.Request));

    public override void Created(in EventRecord created, RuntimeKit kit)
    {
        base.Created(created, kit);
        (_nonce, _due) = (RunJson.ReadHook(created.Data).Nonce, created.Due);
        Token = kit.Hooks.TokenOf(_nonce);
        Url = kit.Hooks.UrlOf(Token);
        ExpiresAt = created.Due.IsNever ? null : created.Due.ToDateTimeOffset();
    }

    public override NewRequest ToRow(in EventRecord created, RuntimeKit kit) => new()
    {
        Operation = Row, Number = Request, Kind = RequestKind.Hook, Name = Name, TokenHash = TokenHash.Of(Token), ExpiresAt = created.Due, MaxAnswers = maxReceipts,
        Description = new RequestDescription { Shape = PayloadShapes.Of(kit.Codec, typeof(T)) }.Write(),
    };

    public Task<Received<T>> Receive()
    {
        if (_asked == maxReceipts) throw new InvalidOperationException($"The hook '{Name}' takes {maxReceipts} answers, and all of them have been asked for.");
        if (_asked < _received) _unread.Dequeue();
        var receipt = ReceiptAt(_asked++);
        if (!receipt.Task.IsCompleted && _failure is not null) receipt.SetException(_failure);
        else if (!receipt.Task.IsCompleted && _expired) receipt.SetResult(default);
        return receipt.Task;
    }

    public override void Complete(in EventRecord outcome, PayloadCodec codec)
    {
        if (outcome.Kind == EventKind.HookReceived)
        {
            if (_received >= _asked) _unread.Enqueue(outcome);
            ReceiptAt(_received++).SetResult(new Received<T>(true, Payload.ReadAnswer<T>(codec, outcome, Name)));
            return;
        }
        _expired = true;
        for (var i = _received; i < _asked; i++) _receipts[i].SetResult(default);
    }

    public override (OpenHook Hook, IReadOnlyList<EventRecord> Unread)? Leave(int row) =>
        (new OpenHook(Name, _nonce, maxReceipts - _received + _unread.Count, Request, _due.Micros, row), [.. _unread]);

    public override void Fail(Exception exception)
    {
        _failure = exception;
        for (var i = _received; i < _asked; i++) _receipts[i].SetException(exception);
    }

    private TaskCompletionSource<Received<T>> ReceiptAt(int index)
    {
        while (_receipts.Count <= index) _receipts.Add(new TaskCompletionSource<Received<T>>());
        return _receipts[index];
    }
}
