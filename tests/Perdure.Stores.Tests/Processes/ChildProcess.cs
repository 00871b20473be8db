using System.Diagnostics;

namespace Perdure.Stores.Tests.Processes;

/// <summary>A second process on a database file. It is killed at the latest when the test ends.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    private ChildProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        _process = Process.Start(start)!;
    }

    public static ChildProcess Start(params string[] args) => new(new ProcessStartInfo("dotnet", ["exec", Assembly, .. args]));

    /// <summary>Starts it with a limit on the length of every file that it writes, beyond which the kernel refuses to write.</summary>
    public static ChildProcess StartWithFileLimit(int kibibytes, params string[] args) => new(new ProcessStartInfo("/bin/sh",
        ["-c", $"trap '' XFSZ; ulimit -f {kibibytes * 2}; exec dotnet exec \"$@\"", "sh", Assembly, .. args]));

    private static string Assembly => typeof(ChildProcess).Assembly.Location;

    /// <summary>The next line that it writes, or null at its end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        return await _process.StandardOutput.ReadLineAsync(patience.Token);
    }

    public int Id => _process.Id;

    /// <summary>Waits until it has ended by itself.</summary>
    public async Task ExitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
    }

    /// <summary>Kills it without a chance to say good-bye, and waits until the kernel has cleaned up.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
