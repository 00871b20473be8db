using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>Hints of one process. They reach the others lost, late or doubled, as the world likes.</summary>
internal sealed class SimWakeups(SimContext home, Hints hints) : IWakeups
{
    public IDisposable Subscribe(Action onWake) => hints.Subscribe(home, onWake);

    public void Wake() => hints.Wake();
}

/// <summary>How hints travel between processes.</summary>
internal sealed class Hints(World world)
{
    private readonly List<Subscription> _subscriptions = [];
    private readonly SimRandom _random = world.Random.Fork("hints");

    public double Lost { get; set; }

    public double Doubled { get; set; }

    public double LongestDelayMs { get; set; } = 1;

    public IDisposable Subscribe(SimContext home, Action onWake)
    {
        var subscription = new Subscription(this, home, onWake);
        _subscriptions.Add(subscription);
        return subscription;
    }

    public void Wake()
    {
        _subscriptions.RemoveAll(static s => s.Home.IsDead);
        foreach (var subscription in _subscriptions)
        {
            if (_random.Chance(Lost)) continue;
            Send(subscription);
            if (_random.Chance(Doubled)) Send(subscription);
        }
    }

    private void Send(Subscription subscription) => world.After(_random.Ticks(0, LongestDelayMs), () => subscription.Home.Post(_ => subscription.Call(), null));

    private sealed class Subscription(Hints owner, SimContext home, Action onWake) : IDisposable
    {
        private bool _disposed;

        public SimContext Home { get; } = home;

        public void Call()
        {
            if (!_disposed) onWake();
        }

        public void Dispose()
        {
            _disposed = true;
            owner._subscriptions.Remove(this);
        }
    }
}
