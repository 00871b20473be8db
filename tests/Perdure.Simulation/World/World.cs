namespace Perdure.Simulation;

/// <summary>
/// Processes, time and chance on one thread. What can run is run in an order drawn from the seed; only when nothing can run does time go on to the next
/// event. The same seed gives the same world.
/// </summary>
internal sealed class World
{
    private const int MaxItems = 2_000_000;

    private readonly PriorityQueue<Action, (long At, long Order)> _events = new();
    private readonly List<SimContext> _ready = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly SimRandom _choices;
    private long _order;
    private int _items;
    private volatile string? _escape;

    public World(ulong seed)
    {
        Random = new SimRandom(seed);
        _choices = Random.Fork("choices");
        Trace = new Trace(this);
    }

    /// <summary>Virtual time in ticks since the world began.</summary>
    public long Now { get; private set; }

    public SimRandom Random { get; }

    public Trace Trace { get; }

    /// <summary>What went wrong first; the world stops at it.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Whether items of a process run in the order in which they were posted, or in any.</summary>
    public bool IsOrderly { get; set; }

    /// <summary>Whether the calling thread is the world's.</summary>
    public bool IsHome => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Rises with everything that is written down, so that all lines have one order.</summary>
    public long NextOrder() => ++_order;

    /// <summary>Something that the world does by itself at an instant: a message arrives, a timer fires.</summary>
    public void Schedule(long at, Action action) => _events.Enqueue(action, (Math.Max(at, Now), NextOrder()));

    public void After(long ticks, Action action) => Schedule(Now + ticks, action);

    public void List(SimContext context)
    {
        if (context.IsListed || !context.IsReady) return;
        context.IsListed = true;
        _ready.Add(context);
    }

    public void Fail(string rule, string what) => Violation ??= new Violation(rule, what);

    /// <summary>A run that is stranded may be so because something was broken before: what <paramref name="check"/> finds counts instead.</summary>
    public void LookForCause(string rule, Action check)
    {
        if (Violation is not { } found || found.Rule != rule) return;
        Violation = null;
        check();
        Violation ??= found;
    }

    /// <summary>Something ran outside the world. May be called from any thread.</summary>
    public void NoteEscape(string what) => _escape = what;

    /// <summary>Lets everything run until <paramref name="done"/>, the instant <paramref name="until"/>, or a violation.</summary>
    /// <returns>Whether it was done.</returns>
    public bool Run(Func<bool> done, long until)
    {
        var outer = SynchronizationContext.Current;
        var flow = ExecutionContext.Capture()!;
        try
        {
            while (Violation is null && !done())
            {
                if (_escape is { } escape) Fail("simulator", $"Something left the simulation: {escape}.");
                else if (_ready.Count > 0) RunItem(flow);
                else if (_events.TryPeek(out _, out var next) && next.At <= until) RunEvent(next.At);
                else
                {
                    Now = Math.Max(Now, until);
                    return done();
                }
            }
            return Violation is null;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private void RunItem(ExecutionContext flow)
    {
        if (++_items > MaxItems) Fail("I-06", $"The world does not come to rest: {MaxItems} steps by virtual second {Now / TimeSpan.TicksPerSecond}.");
        var index = _ready.Count == 1 ? 0 : _choices.Next(_ready.Count);
        var context = _ready[index];
        if (context.IsReady)
        {
            SynchronizationContext.SetSynchronizationContext(context);
            var item = IsOrderly || context.Count == 1 ? 0 : _choices.Next(context.Count);
            Trace.Choice(context, item);
            try
            {
                context.RunOne(item);
            }
            catch (Exception e)
            {
                Fail("I-36", $"An exception left the engine on {context.Name}: {e}");
            }
            ExecutionContext.Restore(flow);
        }
        if (context.IsReady) return;
        context.IsListed = false;
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
    }

    private void RunEvent(long at)
    {
        Now = Math.Max(Now, at);
        SynchronizationContext.SetSynchronizationContext(null);
        _events.Dequeue()();
    }
}
