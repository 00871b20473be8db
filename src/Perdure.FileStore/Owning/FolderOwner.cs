using Perdure.Files.Folders;
using Perdure.Files.Inbox;
using Perdure.Files.Rows;
using Perdure.Storage.Memory;

namespace Perdure.Files.Owning;

/// <summary>
/// The process that owns a folder executes every command on it, its own and those of others, one after the other. Thread safe.
/// </summary>
/// <remarks>
/// A command works on the rows in memory; what it changed is made durable before it is answered. When the disk refuses that, memory is ahead of the disk: it is thrown away,
/// and the next command reads the rows again.
/// </remarks>
internal sealed class FolderOwner : IDisposable
{
    private readonly Lock _gate = new();
    private readonly OwnerLock _lock;
    private readonly FileStoreOptions _options;
    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly FileStoreLog _log;
    private OwnedFolder? _folder;
    private WorkingState? _state;
    private bool _isLoaded;

    private FolderOwner(OwnerLock held, FileStoreOptions options, string root, TimeProvider clock, FileStoreLog log) =>
        (_lock, _options, _root, _clock, _log) = (held, options, root, clock, log);

    /// <summary>The rows, read from the disk if need be. The gate is held.</summary>
    private WorkingState State => _state ??= Load();

    /// <summary>Takes the folder, or null when another process, or another store of this one, has it.</summary>
    public static FolderOwner? TryTake(FileStoreOptions options, string root, TimeProvider clock, FileStoreLog log) =>
        OwnerLock.TryTake(root) is { } held ? new FolderOwner(held, options, root, clock, log) : null;

    /// <summary>Reads the rows now.</summary>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public void Open()
    {
        lock (_gate)
        {
            _ = State;
            InboxFiles.RemoveOldAnswers(_root);
        }
    }

    /// <summary>Executes a command that may change something.</summary>
    /// <exception cref="StoreException">It failed; the fault says what is known.</exception>
    public TAnswer Write<TRequest, TAnswer>(TRequest request, Func<MemoryStore, TRequest, CancellationToken, Task<TAnswer>> command, CancellationToken token)
    {
        lock (_gate)
        {
            var answer = Execute(request, command, token);
            Save();
            return answer;
        }
    }

    /// <summary>Executes a command that only reads.</summary>
    /// <exception cref="StoreException">It failed.</exception>
    public TAnswer Read<TRequest, TAnswer>(TRequest request, Func<MemoryStore, TRequest, CancellationToken, Task<TAnswer>> command, CancellationToken token)
    {
        lock (_gate)
        {
            var answer = Execute(request, command, token);
            State.Looked();
            return answer;
        }
    }

    /// <summary>Adds to claimed runs their histories, which are not in memory.</summary>
    /// <exception cref="StoreException">A file cannot be read.</exception>
    public ClaimedRuns WithHistories(ClaimedRuns claimed)
    {
        if (claimed.Runs.Count == 0) return claimed;
        lock (_gate)
        {
            var runs = new ClaimedRun[claimed.Runs.Count];
            for (var i = 0; i < runs.Length; i++) runs[i] = claimed.Runs[i] with { History = State.ReadHistory(claimed.Runs[i].Row) };
            return claimed with { Runs = runs };
        }
    }

    /// <summary>The batches of a history that end behind <paramref name="from"/>.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public IReadOnlyList<EventBatch> ReadHistory(long run, int from)
    {
        lock (_gate)
        {
            var row = Execute(new RunSelector(Key: run), static (rows, selector, token) => rows.ReadRunAsync(selector, token), CancellationToken.None);
            State.Looked();
            return row is null ? [] : State.ReadHistory(row).FindAll(batch => batch.End > from);
        }
    }

    /// <summary>Copies the folder as it is between two commands.</summary>
    /// <exception cref="StoreException">The target is there already, or the disk does not take the copy.</exception>
    public void CopyTo(string target)
    {
        lock (_gate)
        {
            _ = State;
            _folder!.CopyTo(target);
        }
    }

    /// <summary>Executes what other processes have put into the inbox. Answers whether there was anything.</summary>
    public bool ServeInbox()
    {
        var served = false;
        foreach (var ticket in InboxFiles.Requests(_root))
        {
            InboxFiles.Answer(ticket, RequestExecution.Run(this, ticket.Read()));
            served = true;
        }
        return served;
    }

    /// <summary>The next command reads everything from the disk.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _state = null;
            _folder?.Abandon();
            _folder = null;
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _folder?.Dispose();
            _lock.Dispose();
        }
    }

    private TAnswer Execute<TRequest, TAnswer>(TRequest request, Func<MemoryStore, TRequest, CancellationToken, Task<TAnswer>> command, CancellationToken token)
    {
        try
        {
            // The memory store has answered when it returns.
            return command(State.Rows, request, token).GetAwaiter().GetResult();
        }
        catch
        {
            _state?.Looked();
            throw;
        }
    }

    private void Save()
    {
        try
        {
            State.Save();
        }
        catch (Exception e)
        {
            _log.Reloading(_root, e.Message);
            Forget();
            throw;
        }
    }

    private WorkingState Load()
    {
        var folder = OwnedFolder.Open(_root, _options);
        try
        {
            var state = WorkingState.Load(folder, _clock, _options.StepCopies ? new StepCopies(_root) : null, _options.HookCopies ? new HookCopies(_root) : null);
            // Whoever had the lock before us is gone, and its workers with it. Our own live on when the rows are only read again.
            if (!_isLoaded) state.BuryWorkers();
            (_folder, _isLoaded) = (folder, true);
            return state;
        }
        catch
        {
            folder.Abandon();
            throw;
        }
    }
}
