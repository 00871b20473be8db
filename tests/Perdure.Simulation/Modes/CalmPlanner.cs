namespace Perdure.Simulation;

/// <summary>A store that always works, and takes its time.</summary>
internal sealed class CalmPlanner(SimRandom random) : ICallPlanner
{
    public CallPlan Plan(SimStore store, StoreCall call) => new(CallFate.Answered, random.Ticks(0.05, 0.3), random.Ticks(0.05, 0.3));

    public void Executed(SimStore store, StoreCall call, int number)
    {
    }

    public void Taken(SimStore store, StoreCall call, int number)
    {
    }
}
