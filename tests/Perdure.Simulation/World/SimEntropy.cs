using Perdure.Worker;

namespace Perdure.Simulation;

/// <summary>Ids and jitter from the seed.</summary>
internal sealed class SimEntropy(SimRandom random) : IEntropy
{
    public Guid NewId() => random.NextGuid();

    public Guid NewRunId(DateTimeOffset now) => random.NextGuid();

    public double NextJitter() => random.NextDouble();
}
