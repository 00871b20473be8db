namespace Perdure.Simulation.Tests;

/// <summary>A store that works, but for what a test does to some calls.</summary>
internal sealed class HookedPlanner(ulong seed) : ICallPlanner
{
    private readonly SimRandom _random = new(seed);

    /// <summary>Longest way of a call, in milliseconds; 0: it arrives at the instant at which it is sent.</summary>
    public double SlowestMs { get; init; } = 0.3;

    /// <summary>Longest way of a call, where it is another one than that of most.</summary>
    public Func<StoreCall, double?> Way { get; init; } = static _ => null;

    /// <summary>What becomes of a call.</summary>
    public Func<SimStore, StoreCall, CallFate> Fate { get; set; } = static (_, _) => CallFate.Answered;

    /// <summary>Told of each call when the store has executed it and its caller does not know.</summary>
    public Action<SimStore, StoreCall> OnExecuted { get; set; } = static (_, _) => { };

    public CallPlan Plan(SimStore store, StoreCall call)
    {
        var slowest = Way(call) ?? SlowestMs;
        return new CallPlan(Fate(store, call), _random.Ticks(0, slowest), _random.Ticks(0, slowest));
    }

    public void Executed(SimStore store, StoreCall call, int number) => OnExecuted(store, call);

    public void Taken(SimStore store, StoreCall call, int number)
    {
    }
}
