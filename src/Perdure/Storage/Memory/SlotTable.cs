namespace Perdure.Storage.Memory;

/// <summary>How many slots of each queue, and of each concurrency key on it, are taken by what workers hold.</summary>
internal sealed class SlotTable
{
    private readonly Dictionary<string, int> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Queue, string Key), int> _keys = [];

    public int Used(string queue) => _queues.GetValueOrDefault(queue);

    public int Used(string queue, string key) => _keys.GetValueOrDefault((queue, key));

    public void Enter(string queue, string? key) => Count(queue, key, 1);

    public void Leave(string queue, string? key) => Count(queue, key, -1);

    private void Count(string queue, string? key, int difference)
    {
        Add(_queues, queue, difference);
        if (key is not null) Add(_keys, (queue, key), difference);
    }

    private static void Add<T>(Dictionary<T, int> counts, T of, int difference) where T : notnull
    {
        var count = counts.GetValueOrDefault(of) + difference;
        if (count == 0) counts.Remove(of);
        else counts[of] = count;
    }
}
