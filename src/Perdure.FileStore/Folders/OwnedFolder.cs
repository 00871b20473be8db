namespace Perdure.Files.Folders;

/// <summary>
/// The files of a store in the hands of their owner: groups of changes happen whole or not at all, whenever the process or the machine dies. A group is durable in the
/// journal first; then the files are brought up to date. Not thread safe, but for the trimming that it does by itself.
/// </summary>
internal sealed class OwnedFolder : IDisposable
{
    private readonly string _root;
    private readonly FileStoreOptions _options;
    private readonly Journal _journal;
    private readonly ByteWriter _buffer = new(4096);
    private readonly Queue<Change> _behind = new();
    private Trimming _next;
    private Trimming? _running;
    private Task _trimmed = Task.CompletedTask;

    private OwnedFolder(string root, FileStoreOptions options)
    {
        (_root, _options) = (root, options);
        _journal = new Journal(root, options.Flushes);
        _next = new Trimming(root, options.Flushes);
    }

    /// <summary>Opens the folder: what the journal holds is done again, which repairs whatever the last owner left half done.</summary>
    /// <param name="root">The folder; its lock is held.</param>
    /// <param name="options">How it is used.</param>
    /// <exception cref="StoreException">The journal is damaged, or the disk does not take writes.</exception>
    public static OwnedFolder Open(string root, FileStoreOptions options)
    {
        var folder = new OwnedFolder(root, options);
        try
        {
            foreach (var record in folder._journal.ReadAll())
                foreach (var change in ChangeSet.Decode(record)) folder.Do(change);
            folder._next.Finish();
            folder._journal.Remove(folder._journal.BeginSegment());
            return folder;
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            folder._journal.Dispose();
            throw Faults.Refused("bring its files up to date", root, e);
        }
        catch
        {
            folder._journal.Dispose();
            throw;
        }
    }

    /// <summary>Makes a group durable. When it throws, the files must be opened anew to know what is in them.</summary>
    /// <exception cref="StoreException">Nothing of it has happened, or it is not known whether it has.</exception>
    public void Commit(ChangeSet changes)
    {
        _buffer.Truncate(0);
        _journal.Append(changes.Encode(_buffer));
        // From here on it has happened. A file that cannot be written now is written later, by us or by the next owner.
        foreach (var change in changes.Changes) _behind.Enqueue(change);
        TryCatchUp();
        if (_journal.Length >= _options.SegmentLength) TryTrim();
    }

    /// <summary>The bytes of a file from an offset on, all groups included; empty when there is none.</summary>
    /// <exception cref="StoreException">The file cannot be read, or it cannot be brought up to date.</exception>
    public byte[] Read(string path)
    {
        try
        {
            CatchUp();
            return File.ReadAllBytes(PathOf(path));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw Faults.Refused("read a file", PathOf(path), e);
        }
    }

    /// <summary>Copies everything, with the journal, which holds what the files do not yet.</summary>
    /// <exception cref="StoreException">The target is there already, or the disk does not take the copy.</exception>
    public void CopyTo(string target)
    {
        // It removes old segments of the journal behind everybody's back.
        _trimmed.Wait();
        FolderCopy.Write(_root, target, _options.Flushes);
    }

    /// <summary>The files of a folder.</summary>
    public IEnumerable<string> List(string folder)
    {
        foreach (var path in Directory.EnumerateFiles(PathOf(folder), "*.json")) yield return $"{folder}/{Path.GetFileName(path)}";
    }

    public string PathOf(string path) => Path.Combine(_root, path);

    /// <summary>Ends without a journal to be read again, if the disk allows.</summary>
    public void Dispose()
    {
        _trimmed.Wait();
        try
        {
            CatchUp();
            if (_running is { IsDone: false }) _running.Finish();
            _next.Finish();
            _journal.Remove(_journal.BeginSegment());
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // The journal stays, and the next owner does the rest.
        }
        _journal.Dispose();
    }

    /// <summary>Leaves everything as it is, as the death of the process would.</summary>
    public void Abandon()
    {
        _trimmed.Wait();
        _journal.Dispose();
    }

    private void TryCatchUp()
    {
        try
        {
            CatchUp();
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // The journal holds it; the next group, or whoever reads the file, tries again.
        }
    }

    private void CatchUp()
    {
        while (_behind.TryPeek(out var change))
        {
            Do(change);
            _behind.Dequeue();
        }
    }

    private void Do(in Change change)
    {
        var path = PathOf(change.Path);
        _next.Note(change);
        switch (change.Kind)
        {
            case ChangeKind.Put:
                Disk.Replace(path, change.Content);
                break;
            case ChangeKind.Append:
                Disk.Append(path, change.Offset, change.Content);
                break;
            case ChangeKind.Delete:
                File.Delete(path);
                break;
            case ChangeKind.PutLater:
                break;
            default:
                throw new StoreException(StoreFault.Schema, $"The journal in '{_root}' was written by a newer version. Update the Perdure.FileStore package.");
        }
    }

    /// <summary>Begins a new segment and flushes the files of the old ones behind everybody's back; then they are not needed any more.</summary>
    private void TryTrim()
    {
        if (!_trimmed.IsCompleted || _behind.Count > 0) return;
        try
        {
            var old = _journal.BeginSegment();
            // What could not be flushed the last time is tried again together with the rest.
            var trimming = _running is { IsDone: false } failed ? failed.With(_next) : _next;
            _running = trimming;
            _next = new Trimming(_root, _options.Flushes);
            _trimmed = Task.Run(() => trimming.TryFinish(_journal, old));
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // The old segment goes on growing.
        }
    }
}
