using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Sqlite.Claims;
using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Queues;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Requests;
using Perdure.Sqlite.Schema;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Upkeep;
using Perdure.Sqlite.Wakeups;
using Perdure.Sqlite.Workers;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite;

/// <summary>
/// Runs in one SQLite file, shared by any number of processes of one machine. Every command runs on the calling thread and returns a
/// completed task. The store's clock is the clock of the machine. Thread safe.
/// </summary>
/// <remarks>
/// The file must be on a local disk: SQLite's write-ahead log and the workers' lock files need shared memory and locks that network file
/// systems do not have. Beside <c>orders.db</c> stand <c>orders.db-wal</c> and <c>orders.db-shm</c>, which belong to the database and must
/// be copied, moved and deleted with it, and lock files that mean nothing once all processes have ended.
/// </remarks>
public sealed class SqliteStore : IPerdureStore
{
    private readonly TimeProvider _clock;
    private readonly SqliteLog _log;
    private readonly Writer _writer;
    private readonly ReaderPool _readers;
    private readonly WorkerLocks _locks;
    private readonly SqliteWakeups _wakeups;
    private readonly SchemaKeeper _schema;
    private readonly Registrations _registrations;
    private readonly Deaths _deaths;
    private readonly WorkerChanges _workerChanges;
    private readonly Groups _groups;
    private readonly Recalls _recalls;
    private readonly SignalledStarts _signalledStarts;
    private readonly Posts _posts;
    private readonly Answers _answers;
    private readonly RequestLists _requests;
    private readonly Installation _installation;
    private readonly Inboxes _inboxes;
    private readonly Deletions _deletions;
    private readonly Purges _purges;
    private readonly QueueChanges _queueChanges;
    private readonly QueueLists _queueLists;
    private readonly Turns _turns;
    private readonly RunClaims _runClaims;
    private readonly TaskClaims _taskClaims;
    private readonly TaskResults _taskResults;
    private readonly TaskWithdrawals _withdrawals;
    private readonly RunReads _runs;
    private readonly RunLists _lists;
    private readonly Copies _copies;
    private readonly Tidying _tidying;

    /// <summary>Creates a store; the file is first touched by <see cref="InitializeAsync"/>.</summary>
    /// <param name="options">Where the file is and how it is used.</param>
    /// <param name="clock">The store's clock. All processes on one file must use the same one: the machine's.</param>
    /// <param name="logger">Told which SQLite library opens the file; null for nobody.</param>
    /// <exception cref="ArgumentException">The options cannot be used; the message says which and why.</exception>
    public SqliteStore(SqliteStoreOptions options, TimeProvider clock, ILogger? logger = null) : this(options, clock, Migrations.All, logger) { }

    internal SqliteStore(SqliteStoreOptions options, TimeProvider clock, IReadOnlyList<Migration> migrations, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        var path = System.IO.Path.GetFullPath(options.Path);
        var health = new Health();
        _clock = clock;
        _log = new(logger ?? NullLogger.Instance);
        _writer = new(options, path, health, clock);
        _readers = new(options, path, health);
        _locks = new(path);
        _wakeups = new(_writer);
        _schema = new(migrations);
        _registrations = new(_writer, _locks, _schema);
        _deaths = new(_writer, _readers, _locks, clock);
        _workerChanges = new(_writer, _readers);
        _groups = new(_writer);
        _recalls = new(_readers);
        _signalledStarts = new(_writer);
        _posts = new(_writer);
        _answers = new(_writer);
        _requests = new(_readers);
        _installation = new(_writer, _readers);
        _inboxes = new(_readers);
        _deletions = new(_writer);
        _purges = new(_writer, _readers);
        _turns = new(_writer);
        _queueChanges = new(_writer);
        _queueLists = new(_readers);
        _runClaims = new(_writer, _readers);
        _taskClaims = new(_writer, _readers);
        _taskResults = new(_writer);
        _withdrawals = new(_writer, _readers);
        _runs = new(_readers);
        _lists = new(_readers);
        _copies = new(path);
        _tidying = new(_writer, path, options.BusyTimeout);
    }

    /// <summary>Version of the SQLite library that this process has loaded. The README says what is known about old ones.</summary>
    public static Version LibraryVersion => NativeLibrary.Version;

    /// <inheritdoc/>
    public string Name => "sqlite";

    /// <inheritdoc/>
    public IWakeups Wakeups => _wakeups;

    /// <summary>The only write connection; for tests.</summary>
    internal Writer Writer => _writer;

    /// <summary>The read connections; for tests.</summary>
    internal ReaderPool Readers => _readers;

    private Instant Now => Instant.From(_clock.GetUtcNow());

    /// <inheritdoc/>
    public Task InitializeAsync(bool migrate, CancellationToken cancellationToken) =>
        Answer(this, migrate, static (store, migrate) => store.Initialize(migrate), cancellationToken);

    /// <inheritdoc/>
    public Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken) =>
        Answer(_registrations, registration, static (part, registration) => part.Register(registration), cancellationToken);

    /// <inheritdoc/>
    public Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken) =>
        Answer(_registrations, worker, static (part, worker) => part.Renew(worker), cancellationToken);

    /// <inheritdoc/>
    public Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken) =>
        Answer(_deaths, batch, static (part, batch) => part.Fence(batch), cancellationToken);

    /// <inheritdoc/>
    public Task RetireWorkerAsync(long worker, CancellationToken cancellationToken) =>
        Answer(_registrations, worker, static (part, worker) => part.Retire(worker), cancellationToken);

    /// <inheritdoc/>
    public Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken) =>
        Answer(_workerChanges, change, static (part, change) => part.Make(change), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken) =>
        Answer(_workerChanges, 0, static (part, _) => part.List(), cancellationToken);

    /// <inheritdoc/>
    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken) =>
        Answer(_registrations, count, static (part, count) => part.ReserveKeys(count), cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        Answer(_groups, group, static (part, group) => part.Commit(group), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) =>
        Answer(_groups, (worker, lane, number), static (part, at) => part.Resolve(at.worker, at.lane, at.number), cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        Answer(_recalls, (group, Now), static (part, asked) => part.Recall(asked.group, asked.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken) =>
        Answer(_groups, births, static (part, births) => part.Start(births), cancellationToken);

    /// <inheritdoc/>
    public Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken) =>
        Answer(_signalledStarts, (birth, signal), static (part, asked) => part.Start(asked.birth, asked.signal), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(
        IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) =>
        Answer(_posts, messages, static (part, messages) => part.Post(messages), cancellationToken);

    /// <inheritdoc/>
    public Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken) =>
        Answer(_answers, answer, static (part, answer) => part.Answer(answer), cancellationToken);

    /// <inheritdoc/>
    public Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken) =>
        Answer(_requests, (query, Now), static (part, asked) => part.List(asked.query, asked.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) =>
        Answer(_installation, (name, value), static (part, kept) => part.Keep(kept.name, kept.value), cancellationToken);

    /// <inheritdoc/>
    public Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken) =>
        Answer(_posts, message, static (part, message) => part.ReopenRun(message), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        Answer(_deletions, ids, static (part, ids) => part.Delete(ids), cancellationToken);

    /// <inheritdoc/>
    public Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken) =>
        Answer(_purges, (purge, Now), static (part, asked) => part.Purge(asked.purge, asked.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) =>
        Answer(_deletions, limit, static (part, limit) => part.ForgetOldKeys(limit), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken) =>
        Answer(_turns, (work, every), static (part, turn) => part.Take(turn.work, turn.every), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken) =>
        Answer(_queueChanges, change, static (part, change) => part.Change(change), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken) =>
        Answer(_queueLists, (name, Now), static (part, asked) => part.List(asked.name, asked.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken) =>
        Answer(_runClaims, claim, static (part, claim) => part.Claim(claim), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        Answer(_runClaims, (worker, number, Now), static (part, taken) => part.Recall(taken.worker, taken.number, taken.Now),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) =>
        Answer(_inboxes, (worker, runs), static (part, asked) => part.ReadOwned(asked.worker, asked.runs), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        Answer(_taskClaims, claim, static (part, claim) => part.Claim(claim), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        Answer(_taskClaims, (worker, number, Now), static (part, taken) => part.Recall(taken.worker, taken.number, taken.Now),
            cancellationToken);

    /// <inheritdoc/>
    public Task<TaskReport> CompleteTasksAsync(
        LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) =>
        Answer(_taskResults, (stamp, completions), static (part, done) => part.Complete(done.stamp, done.completions), cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken) =>
        Answer(_taskResults, (worker, beats), static (part, beat) => part.Beat(beat.worker, beat.beats), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken) =>
        Answer(_withdrawals, (query, Now), static (part, asked) => part.List(asked.query, asked.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken) =>
        Answer(_withdrawals, withdrawals, static (part, withdrawals) => part.Withdraw(withdrawals), cancellationToken);

    /// <inheritdoc/>
    public Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken) =>
        Answer(_runs, (selector, Now), static (part, asked) => part.Read(asked.selector, asked.Now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) =>
        Answer(_runs, run, static (part, run) => part.ReadTasks(run), cancellationToken);

    /// <inheritdoc/>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        Answer(_lists, query, static (part, query) => part.List(query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken) =>
        Answer(_lists, id, static (part, id) => part.Chain(id), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken) =>
        Answer(_lists, query, static (part, query) => part.Count(query), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) =>
        Answer(_lists, 0, static (part, _) => part.CountWorkflows(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) =>
        Answer(_runs, (run, fromSequence), static (part, asked) => part.ReadHistory(asked.run, asked.fromSequence), cancellationToken);

    /// <summary>Copies the database, as it is at one instant, into a new file, which is on the disk when the call returns. Everybody goes on working meanwhile.</summary>
    /// <param name="path">The new file. It is a database of its own: to restore it, end all processes and put it in the place of the old file, without the old <c>-wal</c> and <c>-shm</c>.</param>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="StoreException">The file is there already, or cannot be written; or the database cannot be read.</exception>
    public Task BackUpAsync(string path, CancellationToken cancellationToken = default) =>
        Answer(_copies, path, static (part, path) => part.Write(path), cancellationToken);

    /// <summary>What SQLite's own check finds wrong with the file: nothing if it is sound. It reads the whole file. Histories have a check of their own, <see cref="StoreCheck"/>.</summary>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="StoreException">The file is no database, or cannot be read.</exception>
    public Task<IReadOnlyList<string>> FindProblemsAsync(CancellationToken cancellationToken = default) =>
        Answer(_tidying, 0, static (part, _) => part.FindProblems(), cancellationToken);

    /// <summary>
    /// Gives back to the disk what deleted runs have left empty in the file. It needs as much free space again as the file has in use, and nobody else can write until it is done: better done while
    /// little happens.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call before it begins.</param>
    /// <exception cref="StoreException">The disk is full, or somebody wrote for too long.</exception>
    public Task CompactAsync(CancellationToken cancellationToken = default) =>
        Answer(_tidying, 0, static (part, _) => part.Compact(), cancellationToken);

    /// <summary>
    /// Closes the file. A worker that was not retired is found dead by the next one that looks: its runs go on elsewhere, as after a crash.
    /// </summary>
    public ValueTask DisposeAsync()
    {
        _wakeups.Dispose();
        _readers.Dispose();
        // The writer last of the two: when it is the last connection of all processes, closing it moves the log into the database file.
        _writer.Dispose();
        _locks.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Initialize(bool migrate)
    {
        _writer.MayCreate = migrate;
        var version = _schema.Bring(_writer, migrate);
        if (version > _schema.Newest) _log.NewerSchema(_writer.Path, version, _schema.Newest);
        _log.Opened(_writer.Path, LibraryVersion);
    }

    /// <summary>Runs a command where it is called. A failure is the task's, as it would be in a store that takes its time.</summary>
    private static Task<TAnswer> Answer<TPart, TRequest, TAnswer>(
        TPart part, TRequest request, Func<TPart, TRequest, TAnswer> command, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<TAnswer>(cancellationToken);
        try
        {
            return Task.FromResult(command(part, request));
        }
        catch (Exception e)
        {
            return Task.FromException<TAnswer>(e);
        }
    }

    /// <summary>As above, for commands that answer nothing.</summary>
    private static Task Answer<TPart, TRequest>(
        TPart part, TRequest request, Action<TPart, TRequest> command, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled(cancellationToken);
        try
        {
            command(part, request);
            return Task.CompletedTask;
        }
        catch (Exception e)
        {
            return Task.FromException(e);
        }
    }
}
