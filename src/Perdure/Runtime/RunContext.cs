using Microsoft.Extensions.Logging;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>The context that workflow code holds: it checks what is asked for and hands it to the run's machine.</summary>
internal sealed class RunContext : WorkflowContext
{
    // Flows with the code's own execution context, so that parallel branches have shields of their own.
    private static readonly AsyncLocal<Shield?> CurrentShield = new();

    private static readonly AsyncLocal<NamedPlace?> CurrentPlace = new();

    private readonly RunMachine _machine;
    private readonly RunSeed _seed;
    private readonly RuntimeKit _kit;
    private CancellationTokenSource? _cancellation;
    private SplitMixRandom? _random;
    private SplitMixRandom? _guids;
    private ReplaySafeLogger? _logger;
    private bool _hasPlaces;

    public RunContext(RunMachine machine, RunSeed seed, RuntimeKit kit)
    {
        _machine = machine;
        _seed = seed;
        _kit = kit;
    }

    public override string RunId => _seed.Id;

    public override string WorkflowName => _seed.Workflow;

    public override string? CurrentStep => _machine.LastAsked;

    public override RunData Data => _machine.Data;

    public override int Attempt => _machine.Attempt;

    public override DateTimeOffset UtcNow => _machine.UtcNow;

    public override bool IsReplaying => _machine.IsReplaying;

    public override Random Random => _random ??= new SplitMixRandom(_seed.Id, "random");

    public override ILogger Logger => _logger ??= new ReplaySafeLogger(_kit.Logger, _machine);

    public override CancellationToken CancellationToken => (_cancellation ??= new CancellationTokenSource()).Token;

    /// <summary>The step of a pipeline whose code runs; null for none, and for one whose operation has its name.</summary>
    public string? Place => _hasPlaces && CurrentPlace.Value is { } place && place.Owner == this ? place.Name : null;

    private bool IsShielded => CurrentShield.Value?.Owner == this;

    public override Guid NewGuid() => (_guids ??= new SplitMixRandom(_seed.Id, "guid")).NextGuid();

    /// <summary>Fires the code's token. Called inside the pump.</summary>
    public void FireCancellation()
    {
        try
        {
            (_cancellation ??= new CancellationTokenSource()).Cancel();
        }
        catch (AggregateException)
        {
            // A callback that the code registered on its token failed. The cancellation reaches the code all the same, at its next operation.
        }
    }

    private protected override Task<TResult> IssueStepAsync<TResult>(string name, StepBody<TResult> body, StepOptions? options, SourceLine source)
    {
        Names.Validate(NameKind.Step, name);
        options?.Validate();
        return _machine.Step(name, body, options, source, IsShielded);
    }

    private protected override Task<TOut> IssueActivityAsync<TOut>(ActivityCall call, ActivityOptions? options, SourceLine source)
    {
        Names.Validate(NameKind.Activity, call.Name);
        return _machine.Activity<TOut>(call, ActivitySettings.Resolve(options, call.Defaults ?? _kit.Activities.Find(call.Name)?.Defaults, _kit.Retry), source, IsShielded);
    }

    private protected override Task IssueSleepAsync(TimeSpan? duration, DateTimeOffset? until, SourceLine source)
    {
        return _machine.Sleep(duration, until, source, IsShielded);
    }

    private protected override Task<Received<T>> IssueWaitAsync<T>(Signal<T> signal, TimeSpan? timeout, SourceLine source) =>
        _machine.Wait<T>(signal.Name, timeout, source, IsShielded);

    private protected override Task<SignalMatch> IssueWaitAnyAsync(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source)
    {
        return _machine.WaitAny(signals, timeout, source, IsShielded);
    }

    private protected override Task<SignalMatch[]> IssueWaitAllAsync(IReadOnlyList<Signal> signals, TimeSpan? timeout, SourceLine source) =>
        _machine.WaitAll(signals, timeout, source, IsShielded);

    private protected override bool IssuePeek<T>(Signal<T> signal, SourceLine source, out T? payload) where T : default =>
        _machine.Peek(signal.Name, source, out payload);

    private protected override void SetQuery(string query, QueryHandler handler) => _machine.SetQuery(query, handler);

    internal override void RecordDecision(string name, ReadOnlyMemory<byte> decision, SourceLine source) => _machine.RecordDecision(name, decision, source);

    private protected override int AskVersion(string changeId, int min, int max, SourceLine source) => _machine.Version(changeId, min, max, source);

    private protected override IHookReceipts<T> IssueHook<T>(string name, TimeSpan? timeout, int maxReceipts, SourceLine source) =>
        _machine.CreateHook<T>(name, timeout, maxReceipts, source, IsShielded);

    private protected override Task<T> IssueInputAsync<T>(string name, InputForm form, InputOptions options, SourceLine source) =>
        _machine.RequestInput<T>(name, form, options, source, IsShielded);

    private protected override void IssuePublish<T>(Published<T> state, T value, SourceLine source) =>
        _machine.Publish(state.Name, _kit.Codec.Serialize(value, PayloadKind.State), source);

    private protected override Task<T> IssueSideEffectAsync<T>(string name, Func<T> effect, SourceLine source)
    {
        Names.Validate(NameKind.SideEffect, name);
        return _machine.SideEffect(name, effect, source, IsShielded);
    }

    private protected override Task<bool> IssueLimitAsync(Task awaited, TimeSpan limit, SourceLine source) => _machine.Limit(awaited, limit, source, IsShielded);

    private protected override void CancelOperation(Task operation, SourceLine source) => _machine.Cancel(operation, source);

    private protected override IStartedChild<TOut> IssueChild<TOut>(ChildCall call, SourceLine source) => _machine.StartChild<TOut>(call, source, IsShielded);

    internal override Task<T> AwaitChildAsync<T>(IStartedChild<T> child) => _machine.AwaitChild((ChildOperation<T>)child, IsShielded);

    internal override Task SignalChildAsync<T>(string child, Signal<T> signal, T payload, SourceLine source) =>
        _machine.SignalChild(child, signal.Name, _kit.Codec.Serialize(payload, PayloadKind.Signal), source, IsShielded);

    // As text, which every serializer knows.
    internal override Task<RunStatus> StatusOfChildAsync(string child, SourceLine source) => OperationTask.Select(
        StepAsync("child-status", async token => (await _kit.StatusOf!(child, token)).ToString(), options: null, source.File, source.Line), 0,
        static (status, _) => Enum.Parse<RunStatus>(status));

    internal override Task CancelChildAsync(string child, string? reason, SourceLine source) => _machine.CancelChild(child, reason, source, IsShielded);

    internal override bool? CompensateOnCancel => _seed.Settings.CompensateOnCancel;

    internal override CompletedStep? LastCompleted => _machine.LastCompleted;

    private protected override Task IssueUndoAsync(Undo undo) =>
        _machine.Step(undo.Name, undo.Body, undo.Options, undo.Source, IsShielded, undo.Step?.Operation ?? EventRecord.NoOperation);

    private protected override void BeginCompensation(Exception failure, Undo[] undos, SourceLine source) =>
        _machine.BeginCompensation(RunJson.Write(CompensationPlan.Of(failure, undos)), source);

    private protected override CompensationFailedException? EndCompensation(Exception failure, IReadOnlyList<CompensationResult> results, SourceLine source)
    {
        var failed = results.Any(static result => result.Status == CompensationStatus.Failed) ? new CompensationFailedException(Failure.From(failure, _kit.Codec), results, failure) : null;
        _machine.EndCompensation(failed is null, RunJson.Write(results), source);
        return failed;
    }

    public override bool ShouldContinueAsNew => _machine.ShouldContinueAsNew;

    private protected override Task<TOut> ContinueAs<TOut>(object? input, ContinueAsNewOptions? options) => _machine.ContinueAsNew<TOut>(input, options, IsShielded);

    private protected override IDisposable EnterShield()
    {
        var shield = new Shield(this, CurrentShield.Value);
        CurrentShield.Value = shield;
        return shield;
    }

    internal override GraphProgress? Progress => _kit.Progress;

    internal override IDisposable EnterPlace(string name)
    {
        _hasPlaces = true;
        var place = new NamedPlace(this, name, CurrentPlace.Value);
        CurrentPlace.Value = place;
        return place;
    }

    private sealed class NamedPlace(RunContext owner, string name, NamedPlace? outer) : IDisposable
    {
        public RunContext Owner { get; } = owner;

        public string Name { get; } = name;

        public void Dispose() => CurrentPlace.Value = outer;
    }

    private sealed class Shield(RunContext owner, Shield? outer) : IDisposable
    {
        public RunContext Owner { get; } = owner;

        public void Dispose() => CurrentShield.Value = outer;
    }
}
