namespace Perdure.Sqlite.Workers;

/// <summary>
/// A locked file beside the database for each worker of this store. The operating system lets go of the lock when the process is gone,
/// whatever became of it, and not before: so a lock that is free proves a death on this machine, long before a lease would run out.
/// </summary>
/// <remarks>
/// A lock on a server's connection would be a hint only: a connection may break while its process lives on, so one has to look twice. This
/// lock hangs on the process itself. And were a live worker ever judged dead, its next write would be refused, as after a lease that ran
/// out.
/// </remarks>
internal sealed class WorkerLocks(string database) : IDisposable
{
    private readonly Dictionary<Guid, FileStream> _held = [];

    /// <summary>
    /// Takes the lock of a worker that is about to register. False where the file system does not enforce locks: then only the lease tells.
    /// </summary>
    public bool TryHold(Guid worker)
    {
        lock (_held)
        {
            if (_held.ContainsKey(worker)) return true;
            if (TryOpen(PathOf(worker), FileMode.OpenOrCreate) is not { } held) return false;
            if (TryOpen(PathOf(worker), FileMode.Open) is { } second)
            {
                // Both opened it: locks mean nothing here.
                second.Dispose();
                Release(worker, held);
                return false;
            }
            _held.Add(worker, held);
            return true;
        }
    }

    /// <summary>
    /// Whether the process of a worker is certainly gone. A worker of this process, or one without a file, is not judged.
    /// </summary>
    public bool IsGone(Guid worker)
    {
        lock (_held)
        {
            if (_held.ContainsKey(worker)) return false;
            if (TryOpen(PathOf(worker), FileMode.Open) is not { } free) return false;
            free.Dispose();
            return true;
        }
    }

    /// <summary>Removes the file of a worker that is marked dead.</summary>
    public void Remove(Guid worker)
    {
        lock (_held)
        {
            Release(worker, _held.Remove(worker, out var held) ? held : null);
        }
    }

    public void Dispose()
    {
        lock (_held)
        {
            foreach (var held in _held.Values) held.Dispose();
            _held.Clear();
        }
    }

    private void Release(Guid worker, FileStream? held)
    {
        try
        {
            held?.Dispose();
            File.Delete(PathOf(worker));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that stays behind means nothing: the worker's row says that it is dead.
        }
    }

    private string PathOf(Guid worker) => $"{database}-worker-{worker:N}.lock";

    private static FileStream? TryOpen(string path, FileMode mode)
    {
        try
        {
            return new FileStream(path, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
