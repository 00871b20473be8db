using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Claims;
using Perdure.PostgreSql.Journal;
using Perdure.PostgreSql.Messages;
using Perdure.PostgreSql.Queues;
using Perdure.PostgreSql.Reading;
using Perdure.PostgreSql.Requests;
using Perdure.PostgreSql.Schema;
using Perdure.PostgreSql.Tasks;
using Perdure.PostgreSql.Wakeups;
using Perdure.PostgreSql.Workers;

namespace Perdure.PostgreSql;

/// <summary>
/// Runs in one schema of a PostgreSQL database, shared by any number of processes on any number of machines. Every command is one transaction and one round trip. The
/// store's clock is the clock of the server. Thread safe.
/// </summary>
/// <remarks>
/// The commands themselves are functions of the schema, so that a transaction with many decisions needs no answer in between. A connection is taken from the pool for each
/// call and given back after it; one more is kept to listen for other processes.
/// </remarks>
public sealed class PostgreSqlStore : IPerdureStore
{
    private readonly Database _database;
    private readonly PostgreSqlLog _log;
    private readonly PostgreSqlStoreOptions _options;
    private readonly PostgreSqlWakeups _wakeups;
    private readonly SchemaKeeper _schema;
    private readonly Registrations _registrations;
    private readonly Deaths _deaths;
    private readonly WorkerRows _workers;
    private readonly DeathWatch _watch;
    private readonly Groups _groups;
    private readonly Starts _starts;
    private readonly Lanes _lanes;
    private readonly Recalls _recalls;
    private readonly Posts _posts;
    private readonly Answers _answers;
    private readonly RequestLists _requests;
    private readonly Installation _installation;
    private readonly Inboxes _inboxes;
    private readonly Deletions _deletions;
    private readonly Purges _purges;
    private readonly QueueRows _queues;
    private readonly Turns _turns;
    private readonly RunClaims _runClaims;
    private readonly TaskClaims _taskClaims;
    private readonly TaskResults _taskResults;
    private readonly TaskWithdrawals _withdrawals;
    private readonly RunReads _runs;
    private readonly RunLists _lists;

    /// <summary>Creates a store with a pool of its own; the database is first touched by <see cref="InitializeAsync"/>.</summary>
    /// <param name="connectionString">As Npgsql reads it. What it leaves open is set so that a dead connection is noticed.</param>
    /// <param name="options">How the database is used; null for the defaults.</param>
    /// <param name="logger">Told of the server's version and of lost sessions; null for nobody.</param>
    /// <exception cref="ArgumentException">The connection string or the options cannot be used; the message says why.</exception>
    public PostgreSqlStore(string connectionString, PostgreSqlStoreOptions? options = null, ILogger? logger = null)
        : this(Parse(connectionString, options), options, logger) { }

    /// <summary>Creates a store on a data source of the application's own, which is not disposed with the store.</summary>
    /// <param name="source">The data source. Its pool needs at least two connections.</param>
    /// <param name="options">How the database is used; null for the defaults.</param>
    /// <param name="logger">Told of the server's version and of lost sessions; null for nobody.</param>
    /// <exception cref="ArgumentException">The options cannot be used, or the pool is too small; the message says why.</exception>
    public PostgreSqlStore(NpgsqlDataSource source, PostgreSqlStoreOptions? options = null, ILogger? logger = null)
        : this(source, ownsSource: false, options ?? new(), Migrations.All, logger) { }

    internal PostgreSqlStore(NpgsqlConnectionStringBuilder parts, PostgreSqlStoreOptions? options, ILogger? logger = null, IReadOnlyList<Migration>? migrations = null)
        : this(OwnSource.Create(parts), ownsSource: true, options ?? new(), migrations ?? Migrations.All, logger) { }

    private PostgreSqlStore(NpgsqlDataSource source, bool ownsSource, PostgreSqlStoreOptions options, IReadOnlyList<Migration> migrations, ILogger? logger)
    {
        ArgumentNullException.ThrowIfNull(source);
        options.Validate();
        CheckPool(new(source.ConnectionString));
        _options = options;
        _log = new(logger ?? NullLogger.Instance);
        _database = new(source, ownsSource, options);
        var ends = new HistoryEnds();
        _wakeups = new(_database, options, _log);
        _schema = new(_database, migrations);
        _registrations = new(_database, _schema.Newest);
        _deaths = new(_database, options);
        _watch = new(_deaths, _wakeups, _log);
        _workers = new(_database);
        _groups = new(_database, ends);
        _starts = new(_database);
        _lanes = new(_database);
        _recalls = new(_database);
        _posts = new(_database);
        _answers = new(_database);
        _requests = new(_database);
        _installation = new(_database);
        _inboxes = new(_database);
        _deletions = new(_database);
        _purges = new(_database);
        _turns = new(_database);
        _queues = new(_database);
        _runClaims = new(_database, ends);
        _taskClaims = new(_database);
        _taskResults = new(_database);
        _withdrawals = new(_database);
        _runs = new(_database);
        _lists = new(_database);
    }

    /// <inheritdoc/>
    public string Name => "postgresql";

    /// <inheritdoc/>
    public IWakeups Wakeups => _wakeups;

    /// <inheritdoc/>
    public bool MigratesUnasked => false;

    /// <inheritdoc/>
    public async Task InitializeAsync(bool migrate, CancellationToken cancellationToken)
    {
        var (version, schema) = await _schema.BringAsync(migrate, cancellationToken);
        _log.Opened(_database.Place, version);
        if (schema > _schema.Newest) _log.NewerSchema(_database.Place, schema, _schema.Newest);
        if (_database.IsUnencrypted) _log.NoTls(_database.Place);
    }

    /// <inheritdoc/>
    public async Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        var grant = await _registrations.RegisterAsync(registration, cancellationToken);
        _deaths.AddOwn(grant.Worker);
        if (_options is { Pooled: false, Notifications: true })
        {
            _wakeups.Hold(grant.Worker);
            _watch.Start();
        }
        return grant;
    }

    /// <inheritdoc/>
    public Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult(_deaths.Renew(worker));
        }
        catch (StoreException e) // a failure is the task's, as in every other call
        {
            return Task.FromException<LeaseGrant>(e);
        }
    }

    /// <inheritdoc/>
    public Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken) => _deaths.FenceAsync(batch, cancellationToken);

    /// <inheritdoc/>
    public async Task RetireWorkerAsync(long worker, CancellationToken cancellationToken)
    {
        await _registrations.RetireAsync(worker, cancellationToken);
        _wakeups.Release(worker);
    }

    /// <inheritdoc/>
    public Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken) => _workers.ChangeAsync(change, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken) => _workers.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken) => _registrations.ReserveKeysAsync(count, cancellationToken);

    /// <inheritdoc/>
    public async Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken)
    {
        var outcome = await _groups.CommitAsync(group, cancellationToken);
        if (outcome.Verdict == GroupVerdict.Committed) _wakeups.TellOthers(GroupHints.Of(group, outcome));
        return outcome;
    }

    /// <inheritdoc/>
    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) =>
        _lanes.ResolveAsync(worker, lane, number, cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken) => _recalls.RecallAsync(group, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken) =>
        _starts.StartAsync(births, cancellationToken);

    /// <inheritdoc/>
    public Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken) =>
        _starts.StartAsync(birth, signal, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        _posts.PostAsync(messages, cancellationToken);

    /// <inheritdoc/>
    public Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken) => _answers.AnswerAsync(answer, cancellationToken);

    /// <inheritdoc/>
    public Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken) => _requests.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        _installation.KeepAsync(name, value, cancellationToken);

    /// <inheritdoc/>
    public Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken) => _posts.ReopenAsync(message, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        _deletions.DeleteAsync(ids, cancellationToken);

    /// <inheritdoc/>
    public Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken) => _purges.PurgeAsync(purge, cancellationToken);

    /// <inheritdoc/>
    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) => _deletions.ForgetKeysAsync(limit, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken) => _turns.TakeAsync(work, every, cancellationToken);

    /// <inheritdoc/>
    public Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken) => _queues.ChangeAsync(change, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken) => _queues.ListAsync(name, cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken) => _runClaims.ClaimAsync(claim, cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        _runClaims.RecallAsync(worker, number, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) =>
        _inboxes.ReadOwnedAsync(worker, runs, cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken) => _taskClaims.ClaimAsync(claim, cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        _taskClaims.RecallAsync(worker, number, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskReport> CompleteTasksAsync(LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) =>
        _taskResults.CompleteAsync(stamp, completions, cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken) =>
        _taskResults.BeatAsync(worker, beats, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken) => _withdrawals.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken) =>
        _withdrawals.WithdrawAsync(withdrawals, cancellationToken);

    /// <inheritdoc/>
    public Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken) => _runs.ReadAsync(selector, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) => _runs.ReadTasksAsync(run, cancellationToken);

    /// <inheritdoc/>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) => _lists.ListAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken) => _lists.ChainAsync(id, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken) => _lists.CountAsync(query, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) => _lists.CountWorkflowsAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) =>
        _runs.ReadHistoryAsync(run, fromSequence, cancellationToken);

    /// <summary>
    /// Closes the store's own connections. A worker that was not retired is found dead by the next one that looks: its runs go on elsewhere, as after a crash.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync();
        await _wakeups.DisposeAsync();
        await _database.DisposeAsync();
    }

    /// <summary>Reads a connection string and sets what it leaves open.</summary>
    internal static NpgsqlConnectionStringBuilder Parse(string connectionString, PostgreSqlStoreOptions? options)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var parts = Read(connectionString);
        if (string.IsNullOrEmpty(parts.Host)) throw new ArgumentException("No server is named. Use \"Host=…;Database=…;Username=…\".", nameof(connectionString));
        // A connection of the pool has no state that the next user could trip over, so nothing needs to be reset between two calls.
        parts.NoResetOnClose = true;
        if (!parts.ContainsKey("Application Name")) parts.ApplicationName = "Perdure";
        if (!parts.ContainsKey("Timeout")) parts.Timeout = 5;
        if (!parts.ContainsKey("TCP Keepalive") && !parts.ContainsKey("Keepalive")) (parts.TcpKeepAlive, parts.TcpKeepAliveTime, parts.TcpKeepAliveInterval) = (true, 10, 5);
        CheckPool(parts);
        options?.Validate();
        return parts;
    }

    private static NpgsqlConnectionStringBuilder Read(string connectionString)
    {
        try
        {
            return new(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or OverflowException)
        {
            // The message of the reader may quote what it could not read, and that may be a password.
            throw new ArgumentException("The connection string of PostgreSQL cannot be read. Write it as pairs: \"Host=…;Database=…;Username=…\". It is not shown, because it may hold a password.");
        }
    }

    private static void CheckPool(NpgsqlConnectionStringBuilder parts)
    {
        if (parts.Pooling && parts.MaxPoolSize < 2)
            throw new ArgumentException($"Maximum Pool Size is {parts.MaxPoolSize}; it must be at least 2, because one connection listens for other processes.");
    }
}
