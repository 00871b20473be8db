using System.Diagnostics;

namespace Perdure.Bench.Processes;

/// <summary>This program once more, as another process. Killed at the latest when it is disposed.</summary>
internal sealed class ChildProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ChildProcess(ProcessStartInfo start) => _process = Process.Start(start)!;

    public static ChildProcess Start(params string[] args)
    {
        var path = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(path) == "dotnet";
        string[] all = isHost ? [typeof(ChildProcess).Assembly.Location, .. args] : args;
        return new ChildProcess(new ProcessStartInfo(path, all) { RedirectStandardOutput = true, RedirectStandardInput = true });
    }

    public int Id => _process.Id;

    /// <summary>Tells it that it is no longer needed, if it listens.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>Reads until a line begins with <paramref name="word"/>; answers what stands behind it.</summary>
    public async Task<string> ExpectAsync(string word)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            if (line.StartsWith(word, StringComparison.Ordinal)) return line[word.Length..].Trim();
        throw new InvalidOperationException($"The child process ended without saying {word}.");
    }

    /// <summary>Ends it with SIGKILL: nothing in it gets a chance to say good-bye.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public async Task WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        if (_process.ExitCode != 0) throw new InvalidOperationException($"The child process ended with exit code {_process.ExitCode}.");
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
