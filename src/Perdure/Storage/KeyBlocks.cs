
namespace Perdure.Storage;

/// <summary>Hands out run keys from blocks that the store reserved, so that a start costs no call of its own. Thread safe.</summary>
internal sealed class KeyBlocks(IPerdureStore store, StoreClock clock)
{
    private const int SmallBlock = 64;
    private const int LargeBlock = 4096;

    private readonly Lock _gate = new();
    private Task _refill = Task.CompletedTask;
    private long _next;
    private long _end;
    private int _size = SmallBlock;

    /// <summary>The store's clock; known as soon as the first key is.</summary>
    public StoreClock Clock { get; } = clock;

    /// <summary>A key collided with one that exists: the rest of the block is not trusted.</summary>
    public void Discard()
    {
        lock (_gate) _end = _next;
    }

    /// <summary>The next key, if the store need not be asked.</summary>
    public bool TryNext(out long key)
    {
        lock (_gate)
        {
            key = _next;
            if (_next >= _end) return false;
            _next++;
            return true;
        }
    }

    /// <summary>The next key. The caller's token limits how long the store may take to answer.</summary>
    public async Task<long> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await RefillAsync(cancellationToken);
            if (TryNext(out var key)) return key;
        }
    }

    /// <summary>Asks for another block, or waits for the one that somebody has asked for.</summary>
    public async Task RefillAsync(CancellationToken cancellationToken)
    {
        Task refill;
        lock (_gate)
        {
            // One call serves all who wait; it ends at the latest when the one who made it has had enough.
            if (_refill.IsCompleted) _refill = ReadBlockAsync(cancellationToken);
            refill = _refill;
        }
        try
        {
            await refill.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Whoever had made the call gave it up.
        }
    }

    private async Task ReadBlockAsync(CancellationToken cancellationToken)
    {
        var asked = Clock.Ask();
        var block = await store.ReserveKeysAsync(_size, cancellationToken).WaitAsync(cancellationToken);
        Clock.Set(block.Now, asked);
        lock (_gate)
        {
            // Whoever starts much gets larger blocks; a process that starts one run wastes few keys.
            _size = Math.Min(_size * 4, LargeBlock);
            _next = block.First;
            _end = block.First + block.Count;
        }
    }
}
