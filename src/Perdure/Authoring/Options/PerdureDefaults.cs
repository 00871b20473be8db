namespace Perdure;

/// <summary>Every default and limit in one place.</summary>
public static class PerdureDefaults
{
    /// <summary>Executions of a step or an activity, the first included: 3.</summary>
    public const int MaxAttempts = 3;

    /// <summary>Executions of a workflow: 1.</summary>
    public const int RunMaxAttempts = 1;

    /// <summary>The wait after the first failed attempt: 1 s.</summary>
    public static readonly TimeSpan RetryInitialDelay = TimeSpan.FromSeconds(1);

    /// <summary>By what the wait grows from attempt to attempt: 2.</summary>
    public const double RetryCoefficient = 2.0;

    /// <summary>The longest wait between attempts: 60 s.</summary>
    public static readonly TimeSpan RetryMaxDelay = TimeSpan.FromSeconds(60);

    /// <summary>By what share a wait is varied either way: 0.1.</summary>
    public const double RetryJitter = 0.1;

    /// <summary>How long one attempt of an activity may take: 5 min.</summary>
    public static readonly TimeSpan StartToClose = TimeSpan.FromMinutes(5);

    /// <summary>How long a run may clean up after its run timeout: 1 min.</summary>
    public static readonly TimeSpan TimeoutGrace = TimeSpan.FromMinutes(1);

    /// <summary>How often a run may lose its worker without progress before it is blocked: 5.</summary>
    public const int MaxCrashes = 5;

    /// <summary>The queue of runs and activities that name none.</summary>
    public const string Queue = "default";

    /// <summary>The priority of runs and activities that give none; higher goes first.</summary>
    public const int Priority = 0;

    /// <summary>The lowest priority.</summary>
    public const int MinPriority = -1000;

    /// <summary>The highest priority.</summary>
    public const int MaxPriority = 1000;

    /// <summary>Bodies of <c>ForEachAsync</c> that run at a time: 10.</summary>
    public const int ForEachParallelism = 10;

    /// <summary>Items of a pipeline's <c>ForEach</c> that run at a time: 1.</summary>
    public const int PipelineForEachParallelism = 1;

    /// <summary>Iterations of a pipeline's loop after which its run fails: 10,000.</summary>
    public const int LoopIterations = 10_000;

    /// <summary>The longest sleep, timer or wait limit: 10 years.</summary>
    public static readonly TimeSpan MaxSleep = TimeSpan.FromDays(3653);

    /// <summary>The largest payload: 1 MiB.</summary>
    public const int MaxPayloadBytes = 1024 * 1024;

    /// <summary>How deep a payload may nest: 64.</summary>
    public const int MaxPayloadDepth = 64;

    /// <summary>The largest metadata of a run: 64 KiB.</summary>
    public const int MaxMetadataBytes = 64 * 1024;

    /// <summary>The largest details of a heartbeat or an error: 64 KiB.</summary>
    public const int MaxDetailsBytes = 64 * 1024;

    /// <summary>The longest stored error text, in characters: 4,096.</summary>
    public const int MaxErrorText = 4096;

    /// <summary>The longest stored stack trace, in characters: 16,384.</summary>
    public const int MaxStackText = 16 * 1024;

    /// <summary>The longest name, in characters: 255.</summary>
    public const int MaxNameLength = 255;

    /// <summary>The longest start key, in characters: 255.</summary>
    public const int MaxKeyLength = 255;

    /// <summary>How long a start key without a lifetime of its own is remembered when its run was deleted: 7 days.</summary>
    public static readonly TimeSpan KeyTtl = TimeSpan.FromDays(7);

    /// <summary>The longest run id that a caller may choose, in characters: 200.</summary>
    public const int MaxRunIdLength = 200;

    /// <summary>How many tags a run may have: 16.</summary>
    public const int MaxTags = 16;

    /// <summary>The longest name of a tag, in characters: 64.</summary>
    public const int MaxTagNameLength = 64;

    /// <summary>The longest value of a tag, in characters: 256.</summary>
    public const int MaxTagValueLength = 256;

    /// <summary>A worker's lease on the store's clock: 10 s.</summary>
    public static readonly TimeSpan WorkerLease = TimeSpan.FromSeconds(10);

    /// <summary>The shortest lease that is accepted: 500 ms.</summary>
    public static readonly TimeSpan MinWorkerLease = TimeSpan.FromMilliseconds(500);

    /// <summary>The safety poll while work is due or wake-ups were lost: 1 s.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long a stopping worker lets bodies finish: 30 s.</summary>
    public static readonly TimeSpan ShutdownGrace = TimeSpan.FromSeconds(30);

    /// <summary>Activities of one queue that a worker runs at a time: 10.</summary>
    public const int QueueConcurrency = 10;

    /// <summary>Steps that a worker runs at a time: 256.</summary>
    public const int MaxConcurrentSteps = 256;

    /// <summary>Runs that a worker keeps in memory: 10,000.</summary>
    public const int MaxResidentRuns = 10_000;

    /// <summary>New runs that a worker claims at a time: 50.</summary>
    public const int ClaimBatch = 50;

    /// <summary>A step that runs longer gets a record that it started: 1 s.</summary>
    public static readonly TimeSpan StepStartedAfter = TimeSpan.FromSeconds(1);

    /// <summary>Outcomes of deferred steps that wait for a commit before one is forced: 64.</summary>
    public const int DeferredBacklog = 64;

    /// <summary>The length of a history from which on a warning is logged: 10,000 events.</summary>
    public const int HistoryWarning = 10_000;

    /// <summary>After how many further events the warning is repeated: 1,000.</summary>
    public const int HistoryWarningEvery = 1_000;

    /// <summary>The length of a history at which a run is blocked: 50,000 events.</summary>
    public const int HistoryLimit = 50_000;

    /// <summary>Signals of a run that nobody has taken yet: 10,000. A further one is refused.</summary>
    public const int MaxPendingSignals = 10_000;

    /// <summary>How deep child workflows may nest: 32 levels below the first parent.</summary>
    public const int MaxNestingDepth = 32;

    /// <summary>Items of a fan-out that are under way at a time, and are scheduled in one transaction: 1,000.</summary>
    public const int FanOutWindow = 1_000;

    /// <summary>How many children one run may start: 10,000.</summary>
    public const int MaxChildren = 10_000;

    /// <summary>Answers that one hook may take: 100.</summary>
    public const int MaxHookReceipts = 100;

    /// <summary>How often retention looks for old runs: 1 hour.</summary>
    public static readonly TimeSpan RetentionInterval = TimeSpan.FromHours(1);

    /// <summary>The most runs that are deleted in one transaction: 1,000.</summary>
    public const int RetentionBatch = 1_000;

    /// <summary>How many missed times of a schedule are made up for with <see cref="ScheduleCatchUp.All"/>: 100.</summary>
    public const int ScheduleCatchUpLimit = 100;

    /// <summary>How long ago a missed time of a schedule may be to be made up for: 24 hours.</summary>
    public static readonly TimeSpan ScheduleCatchUpWindow = TimeSpan.FromHours(24);

    /// <summary>The most starts of a schedule that wait for the end of other runs: 1,000.</summary>
    public const int ScheduleBufferLimit = 1_000;

    /// <summary>The most times of a schedule in one backfill: 10,000.</summary>
    public const int BackfillLimit = 10_000;

    /// <summary>The most starts of one call: 1,000.</summary>
    public const int MaxStarts = 1_000;

    /// <summary>The most bytes that the inputs of the starts of one call have together: 64 MiB.</summary>
    public const int MaxStartsSize = 64 * 1024 * 1024;

    /// <summary>Runs a second that something is done to many of: 100.</summary>
    public const int BulkPerSecond = 100;

    /// <summary>The most of them: 10,000.</summary>
    public const int MaxBulkPerSecond = 10_000;

    /// <summary>Rows of a list: 50.</summary>
    public const int ListLimit = 50;

    /// <summary>The most rows of a list: 1,000.</summary>
    public const int MaxListLimit = 1_000;
}
