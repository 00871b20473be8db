namespace Perdure.Files.Folders;

/// <summary>What must be on the disk before a part of the journal may go. Used by one thread at a time.</summary>
internal sealed class Trimming(string root, bool flushes)
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);
    private readonly HashSet<string> _deleted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _late = new(StringComparer.Ordinal);

    public bool IsDone { get; private set; }

    public void Note(in Change change)
    {
        _folders.Add(Path.GetDirectoryName(change.Path)!);
        switch (change.Kind)
        {
            case ChangeKind.PutLater:
                _late[change.Path] = change.Content;
                break;
            case ChangeKind.Delete:
                _late.Remove(change.Path);
                _files.Remove(change.Path);
                _deleted.Add(change.Path);
                break;
            default:
                _files.Add(change.Path);
                break;
        }
    }

    /// <summary>This one's changes, and then those of <paramref name="later"/>.</summary>
    public Trimming With(Trimming later)
    {
        later._files.UnionWith(_files);
        later._folders.UnionWith(_folders);
        foreach (var (path, content) in _late)
            if (!later._deleted.Contains(path)) later._late.TryAdd(path, content);
        return later;
    }

    /// <summary>Writes what was put off and flushes everything.</summary>
    public void Finish()
    {
        foreach (var (path, content) in _late) Disk.Replace(Path.Combine(root, path), content, durably: flushes);
        if (flushes)
        {
            foreach (var path in _files) Disk.Flush(Path.Combine(root, path));
            foreach (var folder in _folders) Disk.FlushFolder(Path.Combine(root, folder));
        }
        IsDone = true;
    }

    /// <summary>As <see cref="Finish"/>, and removes the segments that are not needed any more. What fails is done another time.</summary>
    public void TryFinish(Journal journal, IReadOnlyList<string> segments)
    {
        try
        {
            Finish();
            journal.Remove(segments);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            // The segments stay.
        }
    }
}
