using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Perdure.Samples.Orders;

/// <summary>
/// Writes down which steps ran, so that a test can see that none ran in the wrong order. Each line is one appending write: whatever kills the process, the
/// file holds whole lines.
/// </summary>
internal sealed partial class EffectLog(Settings settings) : IDisposable
{
    private const int WriteOnly = 1;
    private static readonly int Appending = OperatingSystem.IsLinux() ? 0x400 : 0x8;

    private readonly Lock _gate = new();
    private readonly int _file = settings.Effects is { } path && !OperatingSystem.IsWindows() ? Open(path) : -1;

    public void Append(string line)
    {
        if (settings.Effects is null) return;
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        if (_file >= 0)
        {
            if (Write(_file, bytes, bytes.Length) != bytes.Length) throw new Win32Exception(Marshal.GetLastPInvokeError());
            return;
        }
        lock (_gate) File.AppendAllText(settings.Effects, line + "\n");
    }

    public void Dispose()
    {
        if (_file >= 0) _ = Close(_file);
    }

    private static int Open(string path)
    {
        // Created here, because a mode cannot be handed to open() on every platform.
        File.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite).Dispose();
        var file = Open(path, WriteOnly | Appending);
        return file >= 0 ? file : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(int file, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);
}
