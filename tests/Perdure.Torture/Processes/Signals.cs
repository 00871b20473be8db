using System.Runtime.InteropServices;

namespace Perdure.Torture.Processes;

/// <summary>Signals to processes that the driver has started, and what the kernel says of them.</summary>
internal static partial class Signals
{
    private const int Stopped = 19;
    private const int Continued = 18;
    private const int Terminated = 15;

    public static void Stop(int process) => Send(process, Stopped);

    public static void Continue(int process) => Send(process, Continued);

    public static void Terminate(int process) => Send(process, Terminated);

    /// <summary>Whether every thread of a process stands still.</summary>
    public static bool StandsStill(int process)
    {
        try
        {
            return Directory.EnumerateDirectories($"/proc/{process}/task").All(thread => File.ReadAllText(Path.Combine(thread, "stat")).Split(") ")[^1][0] == 'T');
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Whether a process holds SQLite's write lock, byte 120 of the log's shared memory: https://www.sqlite.org/walformat.html.</summary>
    public static bool HoldsSqliteWriteLock(int process) =>
        File.ReadLines("/proc/locks").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(words => words is [_, "POSIX", _, "WRITE", var owner, _, "120", "120"] && owner == $"{process}");

    // A process that is gone needs no signal.
    private static void Send(int process, int signal) => _ = Kill(process, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
