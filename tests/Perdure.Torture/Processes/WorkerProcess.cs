using System.Diagnostics;

namespace Perdure.Torture.Processes;

/// <summary>One worker process, from its start to its death. Thread safe.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StreamWriter _log;
    private readonly Lock _gate = new();
    private int _refusals;
    private int _unknown;

    public WorkerProcess(Adapter adapter, string name, string folder)
    {
        (Name, Boot) = (name, Adapter.NewBoot());
        _log = new StreamWriter(Path.Combine(folder, $"{name}-{Boot}.log")) { AutoFlush = true };
        _process = new Process { StartInfo = adapter.Command("worker", name, Boot), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("\"ready\":true", StringComparison.Ordinal) == true) _ready.TrySetResult();
        };
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Start();
        _process.StandardInput.Close();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string Boot { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Valid after its end.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>How often the store refused it because it was presumed dead while it held runs.</summary>
    public int Refusals => Volatile.Read(ref _refusals);

    /// <summary>Calls of the store whose outcome it did not know at first.</summary>
    public int Unknown => Volatile.Read(ref _unknown);

    public Task Ready => _ready.Task;

    public Task ExitAsync(CancellationToken ct = default) => _process.WaitForExitAsync(ct);

    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It was faster.
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.WaitForExit();
        _process.Dispose();
        lock (_gate) _log.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        lock (_gate)
        {
            _log.WriteLine(line);
            // Event 1002; a refusal that cost no run shows nothing.
            if (line.Contains("Perdure.Worker[1002]", StringComparison.Ordinal) && !line.Contains("forgets its 0 runs", StringComparison.Ordinal)) _refusals++;
            if (line.Contains("Perdure.Worker[1004]", StringComparison.Ordinal) && line.Contains("(Unknown, ", StringComparison.Ordinal)) _unknown++;
        }
    }
}
