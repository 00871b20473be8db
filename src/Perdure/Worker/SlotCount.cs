namespace Perdure.Worker;

/// <summary>How many runs of one queue this worker has in its hands, of how many at most. Thread safe.</summary>
internal sealed class SlotCount(string queue, int limit)
{
    private readonly Lock _gate = new();
    private int _used;
    private bool _isWanted;

    public string Queue => queue;

    /// <summary>Takes up to so many slots; answers with how many there were. When there is none, whoever frees the next one is told that it is wanted.</summary>
    public int Take(int atMost)
    {
        if (atMost <= 0) return 0;
        lock (_gate)
        {
            var taken = Math.Min(atMost, limit - _used);
            _used += taken;
            _isWanted |= taken == 0;
            return taken;
        }
    }

    /// <summary>Whether all are taken. Then whoever frees the next one is told that it is wanted.</summary>
    public bool IsFull()
    {
        lock (_gate)
        {
            _isWanted |= _used == limit;
            return _used == limit;
        }
    }

    /// <summary>Gives slots back; whether somebody wanted one and got none.</summary>
    public bool Free(int count)
    {
        lock (_gate)
        {
            _used -= count;
            if (!_isWanted || count == 0) return false;
            _isWanted = false;
            return true;
        }
    }
}
