namespace Perdure.Simulation;

/// <summary>A promise of the engine, and what looks after it.</summary>
/// <param name="Id">By which violations name it.</param>
/// <param name="What">The promise, shortened.</param>
/// <param name="Where">Checkers and stories of the simulator; or why there are none.</param>
internal sealed record Rule(string Id, string What, string Where)
{
    /// <summary>A row of the table in RELIABILITY.md.</summary>
    public override string ToString() => $"| {Id} | {What} | {Where} |";
}

/// <summary>All promises.</summary>
internal static class RuleBook
{
    private const string NotBuilt = "the feature is not built yet";

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("I-01", "no acknowledged start is lost", "`StartRules`"),
        new("I-02", "a start is there whole or not at all", "`StartRules`"),
        new("I-03", "one key, one run", "`StartRules`, `StoreTap`"),
        new("I-04", "a start in the caller's transaction", NotBuilt),
        new("I-05", "one child for an operation; its end is told once", "`ChildRules`"),
        new("I-06", "no run is stranded", "`StallWatch`, `Drain`"),
        new("I-07", "one end, the last event", "`HistoryRules`, `StoreTap`"),
        new("I-08", "a recorded step never runs again", "`EffectRules`"),
        new("I-09", "one key for a step; attempt numbers rise", "`EffectRules`"),
        new("I-10", "a recorded result is what a body returned", "`EffectRules`, `PipelineRules`"),
        new("I-11", "fencing: no write of an earlier owner", "`StoreTap`"),
        new("I-12", "replay gives the same", "`ReplayRules`, `QueryRules`, `EffectRules`, `ResultRules`, `DataRules`, `PipelineRules`, `Drain`"),
        new("I-13", "history is append-only, without gaps, chained", "`StoreTap`, `HistoryRules`, `WatchRules`, `CheckpointRules`"),
        new("I-14", "retries keep to their policy; losses are counted apart", "`HistoryRules`, `LossRules`, `RecoveryStories`"),
        new("I-15", "one outcome of an attempt", "`HistoryRules`, `StoreTap`"),
        new("I-16", "no user code under a lock", "a store call is one transaction; nothing to simulate"),
        new("I-17", "limits of queues", "`QueueRules`"),
        new("I-18", "order and fairness of queues", "not simulated; tested in the store contract"),
        new("I-19", "an acknowledged signal or answer is kept", "`MessageRules`, `RequestRules`, `WaitRules`, `ChainRules`, `KeptHookRules`"),
        new("I-20", "no signal or answer counts twice", "`MessageRules`, `SignalTakings`, `RequestRules`, `WaitRules`, `ChainRules`, `KeptHookRules`"),
        new("I-21", "signals of a name keep their order", "`MessageRules`, `SignalTakings`"),
        new("I-22", "early signals are kept, late ones answered", "`MessageRules`, `RequestRules`"),
        new("I-23", "signal or timeout, one wins; so with answers", "`HistoryRules` (as I-15), `SignalInterleavings`, `RequestRules`"),
        new("I-24", "nothing fires early", "`HistoryRules`"),
        new("I-25", "nothing fires much too late", "`TimerStories`"),
        new("I-26", "a timer fires once and is not lost", "`HistoryRules`, `StallWatch`, `TimerStories`"),
        new("I-27", "one clock, the store's", "`StoreTap`, `TimerStories`"),
        new("I-28", "schedules account for every slot", "`ScheduleRules`; tested with the engine on every store, over a death too"),
        new("I-29", "no end overlooks a recorded cancellation", "`CancelRules`, `CancelInterleavings`"),
        new("I-30", "nothing begins after a cancellation or a withdrawal, or while a run is paused", "`CancelRules`, `PauseRules`, `WithdrawalRules`"),
        new("I-31", "compensation in reverse order", "`SagaRules`"),
        new("I-32", "steps in doubt at a cancellation", "`CancelRules`, `SagaRules`"),
        new("I-33", "failed compensation is visible", "`SagaRules`"),
        new("I-34", "retention deletes whole, old runs only", "not simulated; tested with the engine and in the store contract"),
        new("I-35", "poison wedges nothing", "`Drain`, `SimLogger`, `Poison`, `BuildRules`, `LossRules`"),
        new("I-36", "errors of the store do not surface", "`World`, `SimScheduler`, `Checker`, `RecoveryStories`"),
        new("I-37", "an unknown commit is resolved first", "`StoreTap`"),
        new("I-38", "corruption is found and stops", "not simulated; tested with damaged files"),
        new("I-39", "one schema, however many start", "not simulated; tested with SQLite"),
        new("I-40", "a stopping worker takes nothing and gives all back; a paused one is given nothing", "`SimStore`, `StoreTap`, `RecoveryStories`"),
        new("I-41", "runs do not see each other's data", "not simulated"),
        new("I-42", "reads tell the truth", "not simulated; tested in the store contract"),
        new("I-43", "bounded resources", "not simulated"),
        new("I-44", "a new process is never taken for an old one", "`StoreTap`"),
    ];
}
