namespace Perdure.Simulation;

/// <summary>How bad a store and its network are: a probability for each fate that is not the good one.</summary>
internal sealed record StormSettings
{
    public double Failed { get; init; }

    public double LostRequest { get; init; }

    public double LostAnswer { get; init; }

    public double Silent { get; init; }

    public double Late { get; init; }

    /// <summary>Longest way of a call to the store or back.</summary>
    public double SlowestMs { get; init; } = 1;

    /// <summary>When the caller of a silent call gives up.</summary>
    public TimeSpan Timeout { get; init; }
}

/// <summary>Draws the course of every call, until the storm is over.</summary>
internal sealed class StormPlanner(SimRandom random, StormSettings settings) : ICallPlanner
{
    public bool IsCalm { get; set; }

    /// <summary>Calls of which nobody was told whether they were executed.</summary>
    public int UnknownOutcomes { get; private set; }

    public int Failures { get; private set; }

    public CallPlan Plan(SimStore store, StoreCall call)
    {
        var (before, after) = (Way(), Way());
        if (IsCalm) return new CallPlan(CallFate.Answered, before, after);
        var fate = Draw();
        if (fate == CallFate.Failed) Failures++;
        else if (fate != CallFate.Answered) UnknownOutcomes++;
        if (fate == CallFate.Late) before = random.Ticks(settings.Timeout.TotalMilliseconds * 0.8, settings.Timeout.TotalMilliseconds * 2);
        return new CallPlan(fate, before, after);
    }

    public void Executed(SimStore store, StoreCall call, int number)
    {
    }

    public void Taken(SimStore store, StoreCall call, int number)
    {
    }

    private long Way() => random.Ticks(0.02, IsCalm ? 0.5 : settings.SlowestMs);

    private CallFate Draw()
    {
        var draw = random.NextDouble();
        if ((draw -= settings.Failed) < 0) return CallFate.Failed;
        if ((draw -= settings.LostRequest) < 0) return CallFate.LostRequest;
        if ((draw -= settings.LostAnswer) < 0) return CallFate.LostAnswer;
        if ((draw -= settings.Silent) < 0) return CallFate.Silent;
        return draw - settings.Late < 0 ? CallFate.Late : CallFate.Answered;
    }
}
