using System.Collections.Concurrent;
using Perdure.Storage;

namespace Perdure.Tests.Engine;

/// <summary>What ties an engine to its store. Once it is cut, no call of the engine gets through, as if its process had died. Thread safe.</summary>
internal sealed class Lifeline
{
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private volatile bool _isCut;

    /// <summary>How often a method of the store was called.</summary>
    public int CountOf(string method) => _calls.GetValueOrDefault(method);

    /// <summary>Looks at a call before it is made, on the thread that makes it; null lets them be.</summary>
    public Action<string, object?[]?>? Before { get; set; }

    public void Cut() => _isCut = true;

    public IPerdureStore On(IPerdureStore store) => StoreSpy.On(store, (call, arguments) =>
    {
        Before?.Invoke(call, arguments);
        _calls.AddOrUpdate(call, 1, static (_, count) => count + 1);
        if (_isCut && call.EndsWith("Async", StringComparison.Ordinal) && call != nameof(IAsyncDisposable.DisposeAsync))
            throw new StoreException(StoreFault.Transient, $"{call} comes from a dead process.");
    });
}
