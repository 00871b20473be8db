using System.Runtime.InteropServices;

namespace Perdure.Torture.Adapter.Journal;

/// <summary>What .NET has no call for.</summary>
internal static partial class Libc
{
    private const int WriteOnly = 1;
    private const int Append = 0x400;
    private const int Sigkill = 9;

    /// <summary>Opens an existing file for appending: each write goes to its end, whoever else writes.</summary>
    public static int OpenForAppending(string path)
    {
        var file = Open(path, WriteOnly | Append);
        return file >= 0 ? file : throw new IOException($"The journal cannot be opened: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>One write call.</summary>
    public static void WriteAtOnce(int file, ReadOnlySpan<byte> bytes)
    {
        var written = Write(file, bytes, bytes.Length);
        if (written != bytes.Length) throw new IOException($"The journal took {written} of {bytes.Length} bytes: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Ends this process without any cleanup.</summary>
    public static void Leave(int code) => Exit(code);

    /// <summary>Ends this process as a kill from outside would.</summary>
    public static void KillSelf()
    {
        _ = Kill(Environment.ProcessId, Sigkill);
        // The signal is on its way; nothing of this body may go on.
        Thread.Sleep(Timeout.Infinite);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void Exit(int code);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
