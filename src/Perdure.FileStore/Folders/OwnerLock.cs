using System.Text.Json;

namespace Perdure.Files.Folders;

/// <summary>
/// The lock that makes a process the owner of a folder. The operating system holds it for the process and lets go when that is gone, whatever became of it.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _held;

    private OwnerLock(FileStream held) => _held = held;

    /// <summary>Takes the lock, or null when another process, or another store of this process, holds it.</summary>
    public static OwnerLock? TryTake(string root)
    {
        FileStream held;
        try
        {
            held = Disk.Open(Path.Combine(root, Layout.OwnerLock), FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException))
        {
            return null;
        }
        try
        {
            Disk.Replace(Path.Combine(root, Layout.OwnerNote), OwnerNote.OfThisProcess());
            return new OwnerLock(held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Who holds the lock, as far as anybody can tell.</summary>
    public static string DescribeHolder(string root)
    {
        try
        {
            return OwnerNote.Describe(File.ReadAllBytes(Path.Combine(root, Layout.OwnerNote)));
        }
        catch (Exception e) when (Faults.IsOfDisk(e) || e is JsonException)
        {
            return "another process";
        }
    }

    public void Dispose() => _held.Dispose();
}
