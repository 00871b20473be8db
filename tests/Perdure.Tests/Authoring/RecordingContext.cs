using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

/// <summary>A context that records what is asked of it and answers when the test says so.</summary>
internal sealed class RecordingContext : WorkflowContext
{
    private readonly Queue<object> _answers = new();

    public List<string> Issued { get; } = [];

    public List<Task> Cancelled { get; } = [];

    public List<ActivityCall> Calls { get; } = [];

    public List<ActivityOptions?> CallOptions { get; } = [];

    public List<SourceLine> Sources { get; } = [];

    public int ShieldDepth { get; private set; }

    /// <summary>The task that the next operation returns.</summary>
    public TaskCompletionSource<T> Expect<T>()
    {
        var source = new TaskCompletionSource<T>();
        _answers.Enqueue(source.Task);
        return source;
    }

    public override string RunId => "run-1";

    public override string WorkflowName => "recording";

    public override string? CurrentStep => null;

    public override RunData Data { get; } = new(new Writable(), PayloadCodec.Default);

    public override int Attempt => 1;

    public override bool IsReplaying => false;

    public override ILogger Logger => NullLogger.Instance;

    public override CancellationToken CancellationToken => default;

    public DateTimeOffset Now { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset UtcNow => Now;

    public override Random Random { get; } = new(7);

    public override Guid NewGuid() => new("00000000-0000-0000-0000-000000000007");

    private protected override Task<TResult> IssueStepAsync<TResult>(
        string name, StepBody<TResult> body, StepOptions? options, SourceLine source)
    {
        Record($"step {name} services={body.NeedsServices}", source);
        return _answers.Count > 0
            ? Next<TResult>()
            : body.InvokeAsync(
                new FixedScope(null, new StepInfo(RunId, name, 1, Issued.Count - 1, options?.Id, PayloadCodec.Default), default));
    }

    private protected override Task<TOut> IssueActivityAsync<TOut>(ActivityCall call, ActivityOptions? options, SourceLine source)
    {
        Record($"activity {call.Name} -> {typeof(TOut).Name}", source);
        Calls.Add(call);
        CallOptions.Add(options);
        return Next<TOut>();
    }

    private protected override Task IssueSleepAsync(TimeSpan? duration, DateTimeOffset? until, SourceLine source)
    {
        Record(duration is null ? $"sleep until {until:O}" : $"sleep {Durations.Format(duration.Value)}", source);
        return Next<Unit>();
    }

    private protected override Task<Received<T>> IssueWaitAsync<T>(Signal<T> signal, TimeSpan? timeout, SourceLine source)
    {
        Record($"wait {signal} {timeout}".TrimEnd(), source);
        return Next<Received<T>>();
    }

    private protected override Task<SignalMatch> IssueWaitAnyAsync(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source)
    {
        Record($"wait any {string.Join(',', signals)} {timeout}".TrimEnd(), source);
        return Next<SignalMatch>();
    }

    private protected override Task<SignalMatch[]> IssueWaitAllAsync(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source)
    {
        Record($"wait all {string.Join(',', signals)} {timeout}".TrimEnd(), source);
        return Next<SignalMatch[]>();
    }

    private protected override bool IssuePeek<T>(Signal<T> signal, SourceLine source, out T? payload) where T : default
    {
        Record($"peek {signal}", source);
        payload = default;
        return false;
    }

    private protected override IHookReceipts<T> IssueHook<T>(string name, TimeSpan? timeout, int maxReceipts, SourceLine source) => throw new NotSupportedException();

    private protected override Task<T> IssueInputAsync<T>(string name, InputForm form, InputOptions options, SourceLine source)
    {
        Record($"input {name} {form.Kind}", source);
        return Next<T>();
    }

    private protected override void SetQuery(string query, QueryHandler handler) => throw new NotSupportedException();

    private protected override void IssuePublish<T>(Published<T> state, T value, SourceLine source) =>
        Record($"publish {state} {value}", source);

    private protected override Task<T> IssueSideEffectAsync<T>(string name, Func<T> effect, SourceLine source)
    {
        Record($"side effect {name}", source);
        return Task.FromResult(effect());
    }

    private protected override Task<bool> IssueLimitAsync(Task awaited, TimeSpan limit, SourceLine source)
    {
        Record($"limit {Durations.Format(limit)}", source);
        return Next<bool>();
    }

    private protected override void CancelOperation(Task operation, SourceLine source)
    {
        Sources.Add(source);
        Cancelled.Add(operation);
    }

    internal override bool? CompensateOnCancel => null;

    internal override CompletedStep? LastCompleted => null;

    private protected override Task IssueUndoAsync(Undo undo) => throw new NotSupportedException();

    private protected override void BeginCompensation(Exception failure, Undo[] undos, SourceLine source) => throw new NotSupportedException();

    private protected override CompensationFailedException? EndCompensation(Exception failure, IReadOnlyList<CompensationResult> results, SourceLine source) =>
        throw new NotSupportedException();

    private protected override IDisposable EnterShield()
    {
        ShieldDepth++;
        return new Shield(this);
    }

    private void Record(string what, SourceLine source)
    {
        Issued.Add(what);
        Sources.Add(source);
    }

    private Task<T> Next<T>() => _answers.Count > 0 ? (Task<T>)_answers.Dequeue() : new TaskCompletionSource<T>().Task;

    private sealed class Shield(RecordingContext context) : IDisposable
    {
        public void Dispose() => context.ShieldDepth--;
    }

    public override bool ShouldContinueAsNew => false;

    private protected override Task<TOut> ContinueAs<TOut>(object? input, ContinueAsNewOptions? options) => throw new NotSupportedException();

    private protected override IStartedChild<TOut> IssueChild<TOut>(ChildCall call, SourceLine source) => throw new NotSupportedException();

    internal override Task<T> AwaitChildAsync<T>(IStartedChild<T> child) => throw new NotSupportedException();

    internal override Task SignalChildAsync<T>(string child, Signal<T> signal, T payload, SourceLine source) => throw new NotSupportedException();

    internal override Task<RunStatus> StatusOfChildAsync(string child, SourceLine source) => throw new NotSupportedException();

    internal override Task CancelChildAsync(string child, string? reason, SourceLine source) => throw new NotSupportedException();
    internal override IDisposable EnterPlace(string name) => throw new NotSupportedException();

    internal override void RecordDecision(string name, ReadOnlyMemory<byte> decision, SourceLine source) => Issued.Add($"decision {name}");

    private protected override int AskVersion(string changeId, int min, int max, SourceLine source) => max;

    private sealed class Writable : IDataHolder
    {
        public void MustMayWrite()
        {
        }
    }
}
