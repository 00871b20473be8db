namespace Perdure.Samples.Durable;

/// <summary>The clock of the machine, as it will be in a while. The engine takes its time from the registered <see cref="TimeProvider"/>.</summary>
internal sealed class LaterClock(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
