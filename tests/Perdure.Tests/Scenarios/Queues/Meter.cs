namespace Perdure.Tests.Scenarios.Queues;

/// <summary>How many bodies ran at the same time. Thread safe.</summary>
internal sealed class Meter
{
    private readonly Dictionary<string, (int Now, int Most)> _keys = [];
    private (int Now, int Most) _all;

    public int Most => _all.Most;

    public int MostOf(string key)
    {
        lock (_keys) return _keys[key].Most;
    }

    public IDisposable Enter(string key = "")
    {
        Count(key, 1);
        return new Exit(this, key);
    }

    private void Count(string key, int difference)
    {
        lock (_keys)
        {
            _all = Next(_all, difference);
            _keys[key] = Next(_keys.GetValueOrDefault(key), difference);
        }
    }

    private static (int Now, int Most) Next((int Now, int Most) count, int difference) => (count.Now + difference, Math.Max(count.Most, count.Now + difference));

    private sealed class Exit(Meter meter, string key) : IDisposable
    {
        public void Dispose() => meter.Count(key, -1);
    }
}
