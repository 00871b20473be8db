using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Files.Folders;
using Perdure.Files.Inbox;
using Perdure.Files.Owning;
using Perdure.Files.Wakeups;
using Perdure.Storage.Memory;

namespace Perdure.Files;

/// <summary>
/// Runs in a folder of files that people can read, for one machine. One process at a time owns the folder, the one that has a worker, and executes all commands, on the calling
/// thread. Stores of other processes start, signal, cancel, delete and read through the folder's inbox. The store's clock is the clock of the machine. Thread safe.
/// </summary>
/// <remarks>
/// <para>A group of changes is flushed to a journal, whole or not at all, before it counts; then the files are brought up to date. What a process that died left half done is
/// repaired by the next owner.</para>
/// <para>The owner keeps the row of each run in memory, but not its history: one or two kilobytes and its payloads, also when it has ended. Let retention delete what is not
/// needed any more.</para>
/// </remarks>
public sealed class FileStore : IPerdureStore
{
    private static readonly TimeSpan OwnerPoll = TimeSpan.FromMilliseconds(20);

    private readonly FileStoreOptions _options;
    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly FileStoreLog _log;
    private readonly FolderWakeups _wakeups;
    private readonly InboxClient _inbox;
    private readonly SemaphoreSlim _owning = new(1);
    private volatile FolderOwner? _owner;
    private InboxLoop? _loop;
    private bool _isDisposed;

    /// <summary>Creates a store; the folder is first touched by <see cref="InitializeAsync"/>.</summary>
    /// <param name="options">Where the folder is and how it is used.</param>
    /// <param name="clock">The store's clock. All processes on one folder must use the same one: the machine's.</param>
    /// <param name="logger">Told what an operator should know; null for nobody.</param>
    /// <exception cref="ArgumentException">The options cannot be used; the message says which and why.</exception>
    public FileStore(FileStoreOptions options, TimeProvider clock, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        options.Validate();
        _options = options;
        _clock = clock;
        _root = Path.GetFullPath(options.Path);
        _log = new FileStoreLog(logger ?? NullLogger.Instance);
        _wakeups = new FolderWakeups(_root);
        _inbox = new InboxClient(_root, () => FolderOwner.TryTake(_options, _root, _clock, _log));
    }

    /// <inheritdoc/>
    public string Name => "file";

    /// <inheritdoc/>
    public IWakeups Wakeups => _wakeups;

    /// <summary>Null while another process owns the folder, or nobody; for tests.</summary>
    internal FolderOwner? Owner => _owner;

    /// <inheritdoc/>
    public async Task InitializeAsync(bool migrate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        FolderSetup.Prepare(_root, migrate);
        if (_options.IsOwner) await OwnAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<WorkerGrant> RegisterWorkerAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        if (_owner is null) await OwnAsync(cancellationToken).ConfigureAwait(false);
        return await Write(registration, static (rows, registration, token) => rows.RegisterWorkerAsync(registration, token), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<LeaseGrant> RenewAsync(long worker, CancellationToken cancellationToken) =>
        Write(worker, static (rows, worker, token) => rows.RenewAsync(worker, token), cancellationToken);

    /// <inheritdoc/>
    public Task<FenceReport> FenceDeadWorkersAsync(int batch, CancellationToken cancellationToken) =>
        Write(batch, static (rows, batch, token) => rows.FenceDeadWorkersAsync(batch, token), cancellationToken);

    /// <inheritdoc/>
    public Task RetireWorkerAsync(long worker, CancellationToken cancellationToken) =>
        Write(worker, static (rows, worker, token) => (Task<bool>)rows.RetireWorkerAsync(worker, token), cancellationToken);

    /// <inheritdoc/>
    public Task<WorkerRecord?> ChangeWorkerAsync(WorkerChange change, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ChangeWorker = change }, static answer => answer.Worker, cancellationToken)
        : Write(change, static (rows, change, token) => rows.ChangeWorkerAsync(change, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkerRecord>> ListWorkersAsync(CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ListWorkers = true }, static answer => answer.Workers!, cancellationToken)
        : Read(0, static (rows, _, token) => rows.ListWorkersAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<KeyBlock> ReserveKeysAsync(int count, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ReserveKeys = count }, static answer => answer.Keys!, cancellationToken)
        : Write(count, static (rows, count, token) => rows.ReserveKeysAsync(count, token), cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> CommitGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        Write(group, static (rows, group, token) => rows.CommitGroupAsync(group, token), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ResolveAsync(long worker, int lane, long number, CancellationToken cancellationToken) =>
        Write((worker, lane, number), static (rows, at, token) => rows.ResolveAsync(at.worker, at.lane, at.number, token), cancellationToken);

    /// <inheritdoc/>
    public Task<GroupOutcome> RecallGroupAsync(RunGroup group, CancellationToken cancellationToken) =>
        Read(group, static (rows, group, token) => rows.RecallGroupAsync(group, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<BirthOutcome>> StartRunsAsync(IReadOnlyList<RunBirth> births, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Start = births }, static answer => answer.Births!, cancellationToken)
        : Write(births, static (rows, births, token) => rows.StartRunsAsync(births, token), cancellationToken);

    /// <inheritdoc/>
    public Task<SignalledStart> StartWithSignalAsync(RunBirth birth, OutgoingMessage signal, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { StartWithSignal = new(birth, signal) }, static answer => answer.SignalledStart!, cancellationToken)
        : Write((birth, signal), static (rows, asked, token) => rows.StartWithSignalAsync(asked.birth, asked.signal, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PostOutcome>> PostMessagesAsync(IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Post = messages }, static answer => answer.Posts!, cancellationToken)
        : Write(messages, static (rows, messages, token) => rows.PostMessagesAsync(messages, token), cancellationToken);

    /// <inheritdoc/>
    public Task<AnswerOutcome> AnswerRequestAsync(RequestAnswer answer, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { AnswerRequest = answer }, static answer => answer.Answered!.Value, cancellationToken)
        : Write(answer, static (rows, answer, token) => rows.AnswerRequestAsync(answer, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RequestPage> ListRequestsAsync(RequestQuery query, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ListRequests = RequestListRequest.Of(query) }, static answer => answer.Requests!, cancellationToken)
        : Read(query, static (rows, query, token) => rows.ListRequestsAsync(query, token), cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>> KeepAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Keep = new(name, Convert.ToBase64String(value.Span)) }, static answer => (ReadOnlyMemory<byte>)Convert.FromBase64String(answer.Kept!), cancellationToken)
        : Write((name, value), static (rows, kept, token) => rows.KeepAsync(kept.name, kept.value, token), cancellationToken);

    /// <inheritdoc/>
    public Task<PostOutcome> ReopenRunAsync(OutgoingMessage message, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Reopen = message }, static answer => answer.Reopened!.Value, cancellationToken)
        : Write(message, static (rows, message, token) => rows.ReopenRunAsync(message, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeleteVerdict>> DeleteRunsAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Delete = ids }, static answer => answer.Deleted!, cancellationToken)
        : Write(ids, static (rows, ids, token) => rows.DeleteRunsAsync(ids, token), cancellationToken);

    /// <inheritdoc/>
    public Task<PurgedRuns> PurgeRunsAsync(RunPurge purge, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Purge = purge }, static answer => answer.Purged!.ToPurged(), cancellationToken)
        : Write(purge, static (rows, purge, token) => rows.PurgeRunsAsync(purge, token), cancellationToken);

    /// <inheritdoc/>
    public Task<QueueRecord> ChangeQueueAsync(QueueChange change, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ChangeQueue = change }, static answer => answer.Queue!, cancellationToken)
        : Write(change, static (rows, change, token) => rows.ChangeQueueAsync(change, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueueRecord>> ListQueuesAsync(string? name, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ListQueues = new(name) }, static answer => answer.Queues!, cancellationToken)
        : Read(name, static (rows, name, token) => rows.ListQueuesAsync(name, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<QueuedTask>> ListTasksAsync(TaskQuery query, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ListTasks = query }, static answer => answer.Tasks!, cancellationToken)
        : Read(query, static (rows, query, token) => rows.ListTasksAsync(query, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<bool>> WithdrawTasksAsync(IReadOnlyList<TaskCompletion> withdrawals, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { WithdrawTasks = withdrawals }, static answer => answer.Withdrawn!, cancellationToken)
        : Write(withdrawals, static (rows, withdrawals, token) => rows.WithdrawTasksAsync(withdrawals, token), cancellationToken);

    /// <inheritdoc/>
    public Task<int> ForgetKeysAsync(int limit, CancellationToken cancellationToken) =>
        Write(limit, static (rows, limit, token) => rows.ForgetKeysAsync(limit, token), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TakeTurnAsync(string work, TimeSpan every, CancellationToken cancellationToken) =>
        Write((work, every), static (rows, turn, token) => rows.TakeTurnAsync(turn.work, turn.every, token), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> ClaimRunsAsync(RunClaim claim, CancellationToken cancellationToken) =>
        Answer(claim, static (owner, claim, token) => owner.WithHistories(
            owner.Write(claim, static (rows, claim, token) => rows.ClaimRunsAsync(claim, token), token)), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedRuns> RecallRunClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        Answer((worker, number), static (owner, claim, token) => owner.WithHistories(
            owner.Read(claim, static (rows, claim, token) => rows.RecallRunClaimAsync(claim.worker, claim.number, token), token)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Storage.Inbox>> ReadMessagesAsync(long worker, IReadOnlyList<long>? runs, CancellationToken cancellationToken) =>
        Read((worker, runs), static (rows, asked, token) => rows.ReadMessagesAsync(asked.worker, asked.runs, token), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> ClaimTasksAsync(TaskClaim claim, CancellationToken cancellationToken) =>
        Write(claim, static (rows, claim, token) => rows.ClaimTasksAsync(claim, token), cancellationToken);

    /// <inheritdoc/>
    public Task<ClaimedTasks> RecallTaskClaimAsync(long worker, long number, CancellationToken cancellationToken) =>
        Read((worker, number), static (rows, claim, token) => rows.RecallTaskClaimAsync(claim.worker, claim.number, token), cancellationToken);

    /// <inheritdoc/>
    public Task<TaskReport> CompleteTasksAsync(LaneStamp stamp, IReadOnlyList<TaskCompletion> completions, CancellationToken cancellationToken) =>
        Write((stamp, completions), static (rows, ended, token) => rows.CompleteTasksAsync(ended.stamp, ended.completions, token), cancellationToken);

    /// <inheritdoc/>
    public Task<TaskPulse> BeatTasksAsync(long worker, IReadOnlyList<TaskBeat> beats, CancellationToken cancellationToken) =>
        Write((worker, beats), static (rows, pulse, token) => rows.BeatTasksAsync(pulse.worker, pulse.beats, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RunRecord?> ReadRunAsync(RunSelector selector, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Read = selector }, static answer => answer.Run, cancellationToken)
        : Read(selector, static (rows, selector, token) => rows.ReadRunAsync(selector, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<TaskRecord>> ReadTasksAsync(long run, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { ReadTasks = run }, static answer => answer.RunTasks!, cancellationToken)
        : Read(run, static (rows, run, token) => rows.ReadTasksAsync(run, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RunPage> ListRunsAsync(RunQuery query, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { List = query }, static answer => answer.Page!, cancellationToken)
        : Read(query, static (rows, query, token) => rows.ListRunsAsync(query, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunSummaryRecord>> ReadChainAsync(string id, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Chain = id }, static answer => answer.Chain!, cancellationToken)
        : Read(id, static (rows, id, token) => rows.ReadChainAsync(id, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<RunStatus, int>> CountRunsAsync(RunQuery query, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { Count = query }, static answer => answer.Counts!, cancellationToken)
        : Read(query, static (rows, query, token) => rows.CountRunsAsync(query, token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<WorkflowCount>> CountWorkflowsAsync(CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { CountWorkflows = true }, static answer => answer.Workflows!, cancellationToken)
        : Read(0, static (rows, _, token) => rows.CountWorkflowsAsync(token), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EventBatch>> ReadHistoryAsync(long run, int fromSequence, CancellationToken cancellationToken) => _owner is null
        ? AskAsync(new() { History = new(run, fromSequence) }, static answer => answer.History!, cancellationToken)
        : Answer((run, fromSequence), static (owner, from, _) => owner.ReadHistory(from.run, from.fromSequence), cancellationToken);

    /// <summary>
    /// Copies the folder, as it is at one instant, into a new one, which is on the disk when the call returns. The process that owns the folder makes the copy, and does nothing else meanwhile; if
    /// nobody owns it, this one does.
    /// </summary>
    /// <param name="path">The new folder. It is a store of its own.</param>
    /// <param name="cancellationToken">Cancels the wait for the owner.</param>
    /// <exception cref="StoreException">The folder is there already, or cannot be written; or the owner has not answered for 30 s.</exception>
    public async Task BackUpAsync(string path, CancellationToken cancellationToken = default)
    {
        var whole = Path.GetFullPath(path);
        if (_owner is { } owner) owner.CopyTo(whole);
        else await AskAsync(new() { BackUp = whole }, static _ => true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the folder back. Runs of a worker that was not retired go on in the next process, as after a crash.</summary>
    public async ValueTask DisposeAsync()
    {
        await _owning.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _loop?.Dispose();
            _wakeups.Dispose();
            _owner?.Dispose();
        }
        finally
        {
            _owning.Release();
        }
    }

    /// <summary>Becomes the owner of the folder for as long as this store is open.</summary>
    /// <exception cref="StoreException">Another process is, and stays it.</exception>
    private async Task OwnAsync(CancellationToken cancellationToken)
    {
        await _owning.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (_owner is not null) return;
            var waited = Stopwatch.StartNew();
            FolderOwner? owner;
            while ((owner = FolderOwner.TryTake(_options, _root, _clock, _log)) is null)
            {
                if (waited.Elapsed >= _options.OwnerTimeout)
                    throw new StoreException(StoreFault.InUse,
                        $"'{_root}' belongs to {OwnerLock.DescribeHolder(_root)}; a file store has one worker process. End that one, or use AddPerdureClient here: it starts, signals and reads.");
                await Task.Delay(OwnerPoll, cancellationToken).ConfigureAwait(false);
            }
            try
            {
                owner.Open();
            }
            catch
            {
                owner.Dispose();
                throw;
            }
            _log.Owned(_root);
            _wakeups.BecomeOwner();
            _owner = owner;
            _loop = new InboxLoop(owner, _wakeups.Wake, failure => _log.InboxFailed(_root, failure.Message));
        }
        finally
        {
            _owning.Release();
        }
    }

    private async Task<TAnswer> AskAsync<TAnswer>(Request request, Func<Answer, TAnswer> choose, CancellationToken cancellationToken) =>
        choose(await _inbox.AskAsync(request, cancellationToken).ConfigureAwait(false));

    private Task<TAnswer> Write<TRequest, TAnswer>(
        TRequest request, Func<MemoryStore, TRequest, CancellationToken, Task<TAnswer>> command, CancellationToken cancellationToken) =>
        Answer((request, command), static (owner, asked, token) => owner.Write(asked.request, asked.command, token), cancellationToken);

    private Task<TAnswer> Read<TRequest, TAnswer>(
        TRequest request, Func<MemoryStore, TRequest, CancellationToken, Task<TAnswer>> command, CancellationToken cancellationToken) =>
        Answer((request, command), static (owner, asked, token) => owner.Read(asked.request, asked.command, token), cancellationToken);

    /// <summary>Runs a command where it is called. A failure is the task's, as it would be in a store that takes its time.</summary>
    private Task<TAnswer> Answer<TRequest, TAnswer>(
        TRequest request, Func<FolderOwner, TRequest, CancellationToken, TAnswer> command, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<TAnswer>(cancellationToken);
        try
        {
            var owner = _owner ?? throw new StoreException(StoreFault.InUse, $"This store does not own '{_root}'; only a worker's store does, from its registration on.");
            return Task.FromResult(command(owner, request, cancellationToken));
        }
        catch (Exception e)
        {
            return Task.FromException<TAnswer>(e);
        }
    }
}
