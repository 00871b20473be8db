using System.Collections.Concurrent;

namespace Perdure.Tests.Engine;

/// <summary>Writes down what bodies did, and holds them where the test wants. Thread safe.</summary>
internal sealed class Probe
{
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _gates = new();

    public string[] Calls => [.. _calls];

    public void Note(string what) => _calls.Enqueue(what);

    public Task<T> NoteAsync<T>(string what, T result)
    {
        Note(what);
        return Task.FromResult(result);
    }

    public int Count(string what) => _calls.Count(call => call == what);

    /// <summary>Waits until a body has been somewhere.</summary>
    public Task ReachedAsync(string what, int times = 1) => Waiting.UntilAsync(() => Count(what) >= times);

    /// <summary>Holds a body here until the test opens the gate.</summary>
    public async Task HoldAsync(string gate, CancellationToken ct = default)
    {
        Note(gate);
        await _gates.GetOrAdd(gate, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(ct);
    }

    public void Open(string gate) => _gates.GetOrAdd(gate, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
