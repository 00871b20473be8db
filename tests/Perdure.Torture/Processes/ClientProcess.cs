using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Perdure.Torture.Processes;

/// <summary>One client process: requests go in, answers come out, in any order. Thread safe.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<JsonObject?>> _open = new();
    private readonly StreamWriter _log;
    private readonly Lock _gate = new();
    private long _last;
    private volatile bool _isGone;

    public ClientProcess(Adapter adapter, string name, string folder)
    {
        var boot = Adapter.NewBoot();
        _log = new StreamWriter(Path.Combine(folder, $"{name}-{boot}.log")) { AutoFlush = true };
        _process = new Process { StartInfo = adapter.Command("client", name, boot), EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_gate) if (line.Data is not null && !_isGone) _log.WriteLine(line.Data);
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Whether it has answered anything.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Sends a request. Null: it ended without an answer, so nobody knows.</summary>
    public Task<JsonObject?> CallAsync(JsonObject request)
    {
        var answer = new TaskCompletionSource<JsonObject?>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_isGone) return Task.FromResult<JsonObject?>(null);
            var number = ++_last;
            _open[number] = answer;
            var line = request.DeepClone().AsObject();
            line["i"] = number;
            try
            {
                _process.StandardInput.WriteLine(line.ToJsonString());
                _process.StandardInput.Flush();
            }
            catch (IOException)
            {
                answer.TrySetResult(null);
            }
        }
        return answer.Task;
    }

    public void Kill()
    {
        lock (_gate)
        {
            _isGone = true;
            if (!_process.HasExited) _process.Kill();
        }
        _process.WaitForExit();
        Abandon();
    }

    public void Dispose()
    {
        Kill();
        _process.Dispose();
        _log.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            Abandon();
            return;
        }
        var answer = JsonNode.Parse(line)!.AsObject();
        HasAnswered = true;
        if (_open.TryRemove(answer["i"]!.GetValue<long>(), out var asked)) asked.TrySetResult(answer);
    }

    private void Abandon()
    {
        foreach (var number in _open.Keys)
            if (_open.TryRemove(number, out var asked)) asked.TrySetResult(null);
    }
}
