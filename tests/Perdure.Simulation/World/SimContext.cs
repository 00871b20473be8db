namespace Perdure.Simulation;

/// <summary>
/// Everything that one process wants to run. A crash is that it is never run again (no <c>finally</c> runs, as with SIGKILL); a pause, that it is
/// held for a while.
/// </summary>
internal sealed class SimContext(World world, string name) : SynchronizationContext
{
    private readonly List<(SendOrPostCallback Callback, object? State)> _items = [];

    public string Name { get; } = name;

    public bool IsDead { get; private set; }

    public bool IsPaused { get; private set; }

    public bool IsReady => !IsDead && !IsPaused && _items.Count > 0;

    /// <summary>Whether the world has it on its list of what can run.</summary>
    public bool IsListed { get; set; }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!world.IsHome) world.NoteEscape($"a post to {Name}");
        else if (!IsDead)
        {
            _items.Add((d, state));
            world.List(this);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in the engine may block.");

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs the item at <paramref name="index"/> of those that wait.</summary>
    public void RunOne(int index)
    {
        var (callback, state) = _items[index];
        _items.RemoveAt(index);
        callback(state);
    }

    public int Count => _items.Count;

    public void Crash()
    {
        IsDead = true;
        _items.Clear();
    }

    public void Pause() => IsPaused = true;

    public void Resume()
    {
        IsPaused = false;
        world.List(this);
    }
}
