using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Perdure.Files.Folders;

/// <summary>The few things that are done to a file system. What is created is for its user only.</summary>
internal static partial class Disk
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int FileTooLarge = 27;

    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.Read)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <exception cref="IOException">The disk does not take it.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> content, long offset)
    {
        try
        {
            RandomAccess.Write(file, content, offset);
        }
        catch (ArgumentOutOfRangeException)
        {
            // So .NET says that the file would be longer than the system allows.
            throw new IOException("The file is too large.", FileTooLarge);
        }
    }

    /// <summary>Gives a file a new content; a reader sees the old or the new one. <paramref name="durably"/>: the content is on the disk before it has its name.</summary>
    public static void Replace(string path, ReadOnlyMemory<byte> content, bool durably = false)
    {
        var temporary = path + ".tmp";
        using (var file = Open(temporary, FileMode.Create))
        {
            Write(file.SafeFileHandle, content.Span, 0);
            if (durably) RandomAccess.FlushToDisk(file.SafeFileHandle);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Writes at an offset; the file ends behind it.</summary>
    public static void Append(string path, long offset, ReadOnlyMemory<byte> content)
    {
        using var file = Open(path, FileMode.OpenOrCreate, FileShare.ReadWrite);
        var end = offset + content.Length;
        Write(file.SafeFileHandle, content.Span, offset);
        if (RandomAccess.GetLength(file.SafeFileHandle) > end) RandomAccess.SetLength(file.SafeFileHandle, end);
    }

    /// <summary>Waits until the content of a file is on the disk. One that is gone needs nothing.</summary>
    public static void Flush(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.FlushToDisk(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
        }
    }

    /// <summary>Waits until the names in a folder are on the disk. Windows does that by itself.</summary>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var file = OpenFolder(path, ReadOnly | (OperatingSystem.IsLinux() ? CloseOnExec : 0));
        if (file < 0) throw Failed(path);
        try
        {
            if (FlushFile(file) != 0) throw Failed(path);
        }
        finally
        {
            _ = CloseFile(file);
        }
    }

    private static IOException Failed(string path) =>
        new($"The folder '{path}' cannot be flushed: {Marshal.GetLastPInvokeErrorMessage()}.", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFolder(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FlushFile(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseFile(int file);
}
