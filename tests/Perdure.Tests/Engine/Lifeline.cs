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

    public void Cut() => _isCut = true;

    public IPerdureStore On(IPerdureStore store) => StoreSpy.On(store, call =>
    {
        _calls.AddOrUpdate(call, 1, static (_, count) => count + 1);
        if (_isCut && call.EndsWith("Async", StringComparison.Ordinal) && call != nameof(IAsyncDisposable.DisposeAsync))
            throw new StoreException(StoreFault.Transient, $"{call} comes from a dead process.");
    });
}
