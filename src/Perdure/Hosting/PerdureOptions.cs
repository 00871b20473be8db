using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Perdure.Authoring;
using Perdure.Schedules;
using Perdure.Worker;

namespace Perdure;

/// <summary>
/// How an engine works. Set it in code (<c>AddPerdure(o =&gt; …)</c>), or in the configuration section <c>Perdure</c>, or by environment variables such as
/// <c>PERDURE_MAX_RESIDENT_RUNS</c>; code wins over the environment, which wins over files. Checked once, when the engine starts; changed later it does nothing. Not thread safe.
/// </summary>
/// <remarks>Durations in configuration are written like <c>10s</c>, <c>1h30m</c> or <c>00:00:10</c>. A key that nobody knows is an error.</remarks>
public sealed class PerdureOptions
{
    /// <summary>Who drives the runs: a worker that lives as long as its host, or nobody until somebody asks for it.</summary>
    /// <value>Default: <see cref="PerdureRuntime.InProcess"/>.</value>
    public PerdureRuntime Runtime { get; set; }

    /// <summary>Whether runs are recorded whose workflow and start say nothing about it; see <see cref="StartOptions.Transient"/>.</summary>
    /// <value>Default: true.</value>
    public bool DefaultDurable { get; set; } = true;

    /// <summary>
    /// How steps and activities are retried whose options say nothing about it. In configuration it is a section with the names of <see cref="RetryPolicy.FromOptions"/>: <c>max_attempts</c>,
    /// <c>backoff</c>, <c>base</c>, <c>max_backoff</c>.
    /// </summary>
    /// <value>Default: <see cref="RetryPolicy.Default"/>, 3 attempts, 1 s × 2.0, at most 60 s, jitter 0.1.</value>
    public RetryPolicy DefaultRetry { get; set; } = RetryPolicy.Default;

    /// <summary>How long a worker counts as alive after each sign of life. Its runs go on elsewhere when it is over. At least 500 ms.</summary>
    /// <value>Default: 10 s.</value>
    public TimeSpan Lease { get; set; } = PerdureDefaults.WorkerLease;

    /// <summary>How often the store is looked at without a hint while this worker has runs. More than 0, and at most <see cref="Lease"/>.</summary>
    /// <value>Default: 1 s.</value>
    public TimeSpan PollInterval { get; set; } = PerdureDefaults.PollInterval;

    /// <summary>How many due runs are taken at a time. It doubles up to 500 while as many as that are there. 1 to 500.</summary>
    /// <value>Default: 50.</value>
    public int ClaimBatch { get; set; } = PerdureDefaults.ClaimBatch;

    /// <summary>Runs that are kept in memory at a time; others wait in the store. At least 1.</summary>
    /// <value>Default: 10,000.</value>
    public int MaxResidentRuns { get; set; } = PerdureDefaults.MaxResidentRuns;

    /// <summary>Steps whose bodies run at a time. At least 1.</summary>
    /// <value>Default: 256.</value>
    public int MaxConcurrentSteps { get; set; } = PerdureDefaults.MaxConcurrentSteps;

    /// <summary>
    /// The queues that this process serves, for runs and activities, and how many activities of each run at a time (at least 1). See also <see cref="Queue"/>.
    /// </summary>
    /// <value>Default: empty, which serves <c>default</c> with 10. As soon as one queue is named, only the named ones are served.</value>
    public IDictionary<string, int> Queues { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>
    /// How many runs of a queue this process has in its hands at a time (at least 1): what it has code running for, or a step. A run that only waits is given back at once, and counts
    /// again when it goes on. Queues that are not named here share <see cref="MaxResidentRuns"/>. A limit over all workers is set by <see cref="IQueueClient.ConfigureAsync"/>.
    /// </summary>
    /// <value>Default: empty. A queue that is named here must be served.</value>
    public IDictionary<string, int> RunsPerQueue { get; } = new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>
    /// How long a run stays in memory when it does nothing, so that it need not be loaded again. Runs that sleep for longer than that leave at once; when there is no room for a run
    /// that is due, those leave that have done nothing for longest. 0 or more.
    /// </summary>
    /// <value>Default: 5 s.</value>
    public TimeSpan KeepWarm { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long bodies may finish when the process stops, before everything is given back. 0 or more. The host's own shutdown limit may end it earlier.</summary>
    /// <value>Default: 30 s.</value>
    public TimeSpan ShutdownGrace { get; set; } = PerdureDefaults.ShutdownGrace;

    /// <summary>After how long a call that the store has not answered counts as lost. More than 0.</summary>
    /// <value>Default: 30 s.</value>
    public TimeSpan StoreTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The length of a history at which a run is blocked; raise it and resume the run to let it go on. At least 100.</summary>
    /// <value>Default: 50,000 events.</value>
    public int HistoryLimit { get; set; } = PerdureDefaults.HistoryLimit;

    /// <summary>The length of a history from which on a warning is logged. At least 1.</summary>
    /// <value>Default: 10,000 events.</value>
    public int HistoryWarning { get; set; } = PerdureDefaults.HistoryWarning;

    /// <summary>After how many further events the warning is logged again. At least 1.</summary>
    /// <value>Default: 1,000 events.</value>
    public int HistoryWarningEvery { get; set; } = PerdureDefaults.HistoryWarningEvery;

    /// <summary>
    /// Whether stored errors keep their stack trace, of at most 16,384 characters. It can be read by whoever may read a run; see <see cref="RunError.Stack"/>.
    /// </summary>
    /// <value>Default: null, which keeps it if the host's environment is Development.</value>
    public bool? StoreStackTraces { get; set; }

    /// <summary>
    /// Whether the store's schema is created or brought up to date when it is first used. Off, a missing or old schema is an error (<c>PERD1306</c>), and <c>perdure db migrate</c> makes it.
    /// </summary>
    /// <value>
    /// Default: null, which is on; but for PostgreSQL, whose schema belongs to many processes, only if the environment (of the host, else <c>DOTNET_ENVIRONMENT</c>) is Development.
    /// </value>
    public bool? AutoMigrate { get; set; }

    /// <summary>
    /// How long ended runs are kept, and how they are deleted then. Workers on one store should agree about it: whoever has the turn deletes by its own policy. In configuration it
    /// is <c>Short</c>, <c>Long</c>, or a section with the policy's properties.
    /// </summary>
    /// <value>Default: null, for ever.</value>
    public RetentionPolicy? Retention { get; set; }

    /// <summary>
    /// Whether a worker lets blocked runs go on that fit its code: when it starts, and every five minutes. It finds out by a replay that writes nothing. Off, they wait for <c>ResumeAsync</c>.
    /// </summary>
    /// <value>Default: true.</value>
    public bool ResumeFittingRuns { get; set; } = true;

    /// <summary>What people see of this worker in the store; it identifies nothing. 1 to 255 characters.</summary>
    /// <value>Default: machine and process id.</value>
    public string? WorkerName { get; set; }

    /// <summary>
    /// Name of the build that this process runs, as its deployment calls it: a version, a commit. Runs of workflows with <see cref="WorkflowOptions.PinToBuild"/> that are started here
    /// stay with it. Workers whose builds differ look at one another when they claim runs, so name it where runs are pinned. 1 to 255 characters.
    /// </summary>
    /// <value>Default: none; then no workflow may pin its runs.</value>
    public string? BuildId { get; set; }

    /// <summary>
    /// Other builds whose pinned runs this process drives too, because its code fits them: so runs leave a build that is given up. Try it before with <c>perdure check</c>.
    /// </summary>
    /// <value>Default: none.</value>
    public IList<string> TakesOverBuilds { get; } = [];

    /// <summary>What stands before the token in the links of hooks: the address at which <c>MapPerdureHooks</c> serves them, as seen from outside.</summary>
    /// <value>Default: <c>/hooks</c>.</value>
    public string HookUrl { get; set; } = "/hooks";

    /// <summary>
    /// The secret from which the tokens of hooks are derived, at least 32 characters, the same in all workers of a store. Without one the store keeps a random one, so
    /// whoever reads the database can derive the tokens. A change makes the links of open hooks worthless.
    /// </summary>
    /// <value>Default: null, the store's own.</value>
    public string? HookSecret { get; set; }

    /// <summary>How payloads are written: naming policy, converters and the like. It is copied; case-insensitive reading and the size limits are the engine's.</summary>
    /// <value>Default: null, which writes camelCase.</value>
    public JsonSerializerOptions? Json { get; set; }

    /// <summary>Generated JSON metadata for payload types, asked in order before reflection is.</summary>
    /// <value>Default: none.</value>
    public IList<IJsonTypeInfoResolver> JsonContexts { get; } = [];

    /// <summary>Serves a queue.</summary>
    /// <param name="name">The queue.</param>
    /// <param name="maxConcurrency">How many of its activities run at a time.</param>
    /// <param name="maxRuns">How many of its runs this process has in its hands at a time: see <see cref="RunsPerQueue"/>. Null changes nothing.</param>
    /// <returns>These options.</returns>
    public PerdureOptions Queue(string name, int maxConcurrency = PerdureDefaults.QueueConcurrency, int? maxRuns = null)
    {
        Names.Validate(NameKind.Queue, name);
        Queues[name] = maxConcurrency;
        if (maxRuns is { } runs) RunsPerQueue[name] = runs;
        return this;
    }

    /// <exception cref="InvalidOptionException">A value is out of its range, or contradicts another.</exception>
    internal void Validate()
    {
        OptionRules.CheckDefined(Prefix + nameof(Runtime), Runtime);
        if (Lease < PerdureDefaults.MinWorkerLease)
            throw Invalid(nameof(Lease), $"{nameof(Lease)} is at least {Durations.Format(PerdureDefaults.MinWorkerLease)}, not {Durations.Format(Lease)}.");
        CheckPositive(nameof(PollInterval), PollInterval);
        if (PollInterval > Lease)
            throw Invalid(nameof(PollInterval), $"{nameof(PollInterval)} is {Durations.Format(PollInterval)} and longer than {nameof(Lease)}, {Durations.Format(Lease)}. Shorten it, or raise {nameof(Lease)}.");
        CheckAtLeast(nameof(MaxResidentRuns), MaxResidentRuns, 1);
        if (ClaimBatch is < 1 or > LargestBatch)
            throw Invalid(nameof(ClaimBatch), string.Create(CultureInfo.InvariantCulture, $"{nameof(ClaimBatch)} is 1 to {LargestBatch}, not {ClaimBatch}."));
        CheckAtLeast(nameof(MaxConcurrentSteps), MaxConcurrentSteps, 1);
        CheckAtLeast(nameof(HistoryLimit), HistoryLimit, 100);
        CheckAtLeast(nameof(HistoryWarning), HistoryWarning, 1);
        CheckAtLeast(nameof(HistoryWarningEvery), HistoryWarningEvery, 1);
        CheckNotNegative(nameof(KeepWarm), KeepWarm);
        CheckNotNegative(nameof(ShutdownGrace), ShutdownGrace);
        CheckPositive(nameof(StoreTimeout), StoreTimeout);
        Retention?.Validate();
        ArgumentNullException.ThrowIfNull(DefaultRetry);
        DefaultRetry.Validate();
        ArgumentNullException.ThrowIfNull(HookUrl);
        if (HookSecret is { Length: < 32 }) throw Invalid(nameof(HookSecret), $"{nameof(HookSecret)} has at least 32 characters.");
        if (WorkerName is not null) OptionRules.CheckText(Prefix + nameof(WorkerName), WorkerName, PerdureDefaults.MaxNameLength);
        if (BuildId is not null) OptionRules.CheckBuild(Prefix + nameof(BuildId), BuildId);
        foreach (var build in TakesOverBuilds) OptionRules.CheckBuild(Prefix + nameof(TakesOverBuilds), build);
        foreach (var (queue, concurrency) in Queues)
        {
            Names.Validate(NameKind.Queue, queue);
            CheckAtLeast($"{nameof(Queues)}[{queue}]", concurrency, 1);
        }
        foreach (var (queue, runs) in RunsPerQueue)
        {
            CheckAtLeast($"{nameof(RunsPerQueue)}[{queue}]", runs, 1);
            if (!(Queues.Count == 0 ? queue == PerdureDefaults.Queue : Queues.ContainsKey(queue)))
                throw Invalid($"{nameof(RunsPerQueue)}[{queue}]", $"This process does not serve the queue '{SafeText.Shorten(queue, 100)}'. Name it in {nameof(Queues)}, or take its limit away.");
        }
    }

    internal WorkerSettings ToSettings()
    {
        var queues = Queues.Count == 0
            ? new Dictionary<string, int> { [PerdureDefaults.Queue] = PerdureDefaults.QueueConcurrency }
            : new Dictionary<string, int>(Queues, StringComparer.Ordinal);
        return new WorkerSettings
        {
            Lease = Lease, PollInterval = PollInterval, ClaimBatch = ClaimBatch, MaxResidentRuns = MaxResidentRuns, MaxConcurrentSteps = MaxConcurrentSteps, ShutdownGrace = ShutdownGrace,
            StoreTimeout = StoreTimeout, KeepWarm = KeepWarm, HistoryLimit = HistoryLimit, Retention = Retention, ResumeFittingRuns = ResumeFittingRuns, RunQueues = [.. queues.Keys, ScheduleWorkflow.Queue],
            ActivityQueues = queues, RunLimits = new Dictionary<string, int>(RunsPerQueue, StringComparer.Ordinal),
            HookUrl = HookUrl, HookSecret = HookSecret,
            Name = WorkerName ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}/{Environment.ProcessId}"),
        };
    }

    private const string Prefix = "PerdureOptions.";
    private const int LargestBatch = WorkerSettings.LargestClaimBatch;

    private static void CheckPositive(string option, TimeSpan value)
    {
        if (value <= TimeSpan.Zero || value > PerdureDefaults.MaxSleep)
            throw Invalid(option, $"{option} is more than 0 and at most 10 years, not {Durations.Format(value)}.");
    }

    private static void CheckNotNegative(string option, TimeSpan value)
    {
        if (value < TimeSpan.Zero || value > PerdureDefaults.MaxSleep)
            throw Invalid(option, $"{option} is 0 to 10 years, not {Durations.Format(value)}.");
    }

    private static void CheckAtLeast(string option, int value, int least)
    {
        if (value < least) throw Invalid(option, string.Create(CultureInfo.InvariantCulture, $"{option} is at least {least}, not {value}."));
    }

    private static InvalidOptionException Invalid(string option, string message) => new(Prefix + option, message);
}
