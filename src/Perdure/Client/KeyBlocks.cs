using Perdure.Storage;

namespace Perdure.Client;

/// <summary>Hands out run keys from blocks that the store reserved, so that a start costs no call of its own. Thread safe.</summary>
internal sealed class KeyBlocks(IPerdureStore store, StoreClock clock)
{
    private const int SmallBlock = 64;
    private const int LargeBlock = 4096;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _refill = new(1);
    private long _next;
    private long _end;
    private int _size = SmallBlock;

    /// <summary>The store's clock; known as soon as the first key is.</summary>
    public StoreClock Clock { get; } = clock;

    /// <summary>The next key.</summary>
    public ValueTask<long> NextAsync(CancellationToken cancellationToken) =>
        TryNext(out var key) ? new ValueTask<long>(key) : RefillAsync(cancellationToken);

    /// <summary>A key collided with one that exists: the rest of the block is not trusted.</summary>
    public void Discard()
    {
        lock (_gate) _end = _next;
    }

    private bool TryNext(out long key)
    {
        lock (_gate)
        {
            key = _next;
            if (_next >= _end) return false;
            _next++;
            return true;
        }
    }

    private async ValueTask<long> RefillAsync(CancellationToken cancellationToken)
    {
        await _refill.WaitAsync(cancellationToken);
        try
        {
            if (TryNext(out var key)) return key;
            var block = await store.ReserveKeysAsync(_size, cancellationToken);
            Clock.Set(block.Now);
            // Whoever starts much gets larger blocks; a process that starts one run wastes few keys.
            _size = Math.Min(_size * 4, LargeBlock);
            lock (_gate)
            {
                _next = block.First + 1;
                _end = block.First + block.Count;
            }
            return block.First;
        }
        finally
        {
            _refill.Release();
        }
    }
}
