using System.Diagnostics;

namespace Perdure.Cli.Tests.Running;

/// <summary>Waits for what other processes do, which nobody tells.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition, Func<string> what)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromMinutes(1)) throw new TimeoutException($"This did not come true: {what()}.");
            await Task.Delay(5);
        }
    }

    /// <summary>The lines of a file that another process may be appending to.</summary>
    public static string[] LinesOf(string path)
    {
        if (!File.Exists(path)) return [];
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
