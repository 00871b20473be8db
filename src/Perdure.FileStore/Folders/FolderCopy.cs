namespace Perdure.Files.Folders;

/// <summary>A copy of a folder that nobody changes meanwhile.</summary>
internal static class FolderCopy
{
    /// <summary>What belongs to the processes on the folder, and not to its data.</summary>
    private static readonly string[] LeftOut = [Layout.Inbox, Layout.Locks];

    /// <exception cref="StoreException">The target is there already, or the disk does not take the copy.</exception>
    public static void Write(string root, string target, bool flushes)
    {
        var whole = Path.GetFullPath(target);
        if (Path.Exists(whole)) throw new StoreException(StoreFault.Unwritable, $"'{whole}' is there already, and a backup overwrites nothing. Name another folder, or remove it.");
        // Nobody finds half a copy under the name that was asked for.
        var part = whole + ".part";
        try
        {
            if (Directory.Exists(part)) Directory.Delete(part, recursive: true);
            Copy(root, part, flushes, isRoot: true);
            foreach (var folder in LeftOut) Disk.CreateFolder(Path.Combine(part, folder));
            Directory.Move(part, whole);
            if (flushes) Disk.FlushFolder(Path.GetDirectoryName(whole)!);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw Faults.Refused("write a backup", whole, e);
        }
    }

    private static void Copy(string from, string to, bool flushes, bool isRoot)
    {
        Disk.CreateFolder(to);
        foreach (var path in Directory.EnumerateFiles(from))
        {
            // Half of a file that is being replaced.
            if (path.EndsWith(".tmp", StringComparison.Ordinal)) continue;
            var copy = Path.Combine(to, Path.GetFileName(path));
            File.Copy(path, copy);
            if (flushes) Disk.Flush(copy);
        }
        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            var name = Path.GetFileName(folder);
            if (!isRoot || !LeftOut.Contains(name)) Copy(folder, Path.Combine(to, name), flushes, isRoot: false);
        }
        if (flushes) Disk.FlushFolder(to);
    }
}
