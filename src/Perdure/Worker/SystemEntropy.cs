namespace Perdure.Worker;

/// <summary>The operating system's randomness.</summary>
internal sealed class SystemEntropy : IEntropy
{
    public Guid NewId() => Guid.NewGuid();

    public Guid NewRunId(DateTimeOffset now) => Guid.CreateVersion7(now);

    public double NextJitter() => Random.Shared.NextDouble();
}
