using System.Diagnostics;

namespace Perdure.Sqlite.Writing;

/// <summary>
/// Fairness between processes. SQLite's write lock has no queue: of two busy processes one gets it a thousand times and the other never.
/// So a process that waits shows it by a file, and one that writes without a break looks for that file now and then and pauses. Only a
/// hint: a file that cannot be made, or was left behind by a dead process, costs a little time and nothing else.
/// </summary>
internal sealed class WriterTurn(string database)
{
    /// <summary>How long a process writes before it looks whether somebody waits.</summary>
    private static readonly long Turn = Stopwatch.Frequency / 500;

    /// <summary>Milliseconds after which a process that waits has missed its chance.</summary>
    private const int LongestPause = 100;

    private readonly string _path = database + "-waiting";
    private FileStream? _raised;
    private long _looked;

    /// <summary>Called before a transaction: pauses if another process waits and this one has had its turn.</summary>
    public void GiveWay()
    {
        var now = Stopwatch.GetTimestamp();
        if (now - _looked < Turn) return;
        _looked = now;
        if (!File.Exists(_path)) return;
        if (TryRaise() is { } leftBehind)
        {
            // Nobody holds it: the process that waited is dead.
            leftBehind.Dispose();
            return;
        }
        // Until the other one has got in, which takes its next try: about a millisecond, more when processors are scarce.
        for (var i = 0; i < LongestPause && File.Exists(_path); i++) Thread.Sleep(1);
        _looked = Stopwatch.GetTimestamp();
    }

    /// <summary>Called while another process holds the write lock: shows that somebody waits, and waits a little.</summary>
    public void Wait()
    {
        if (_raised is null || !File.Exists(_path))
        {
            _raised?.Dispose();
            _raised = TryRaise();
        }
        Thread.Sleep(1);
    }

    /// <summary>Called when the wait is over: now it is this process's turn.</summary>
    public void StopWaiting()
    {
        _looked = Stopwatch.GetTimestamp();
        _raised?.Dispose();
        _raised = null;
    }

    private FileStream? TryRaise()
    {
        try
        {
            return new FileStream(
                _path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
