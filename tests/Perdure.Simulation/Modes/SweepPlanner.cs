namespace Perdure.Simulation;

/// <summary>A store that works, but for one blow at one call.</summary>
internal sealed class SweepPlanner(SimRandom random, CrashPoint? point, Action<Blow> strike, TimeSpan freeze) : ICallPlanner
{
    private readonly Dictionary<string, List<StoreCall>> _calls = [];

    /// <summary>The call at which it happened; null while it has not.</summary>
    public StoreCall? Struck { get; private set; }

    /// <summary>What each process has asked of its store so far, in order.</summary>
    public IReadOnlyDictionary<string, List<StoreCall>> Calls => _calls;

    public CallPlan Plan(SimStore store, StoreCall call)
    {
        if (!_calls.TryGetValue(store.Owner, out var calls)) _calls.Add(store.Owner, calls = []);
        var number = calls.Count;
        calls.Add(call);
        var plan = new CallPlan(CallFate.Answered, random.Ticks(0.05, 0.3), random.Ticks(0.05, 0.3));
        if (!IsPoint(store, number)) return plan;
        Struck = call;
        if (point!.Blow == Blow.Unknown) return plan with { Fate = point.Moment == Moment.Before ? CallFate.LostRequest : CallFate.LostAnswer };
        if (point.Moment != Moment.Before) return plan;
        strike(point.Blow);
        // What a frozen process had sent arrives when it is awake again, long after others have taken over.
        return plan with { Before = freeze.Ticks };
    }

    public void Executed(SimStore store, StoreCall call, int number)
    {
        if (IsPoint(store, number) && point!.Moment == Moment.Unanswered && point.Blow != Blow.Unknown) strike(point.Blow);
    }

    public void Taken(SimStore store, StoreCall call, int number)
    {
        if (IsPoint(store, number) && point!.Moment == Moment.After && point.Blow != Blow.Unknown) strike(point.Blow);
    }

    private bool IsPoint(SimStore store, int number) => point is not null && store.Owner == point.Target && number == point.Call;
}
