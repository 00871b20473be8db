namespace Perdure.Worker;

/// <summary>The only source of what cannot be foreseen: ids and jitter. The simulator draws them from its seed.</summary>
internal interface IEntropy
{
    /// <summary>128 fresh random bits.</summary>
    Guid NewId();

    /// <summary>A time-ordered unique id for a run created at <paramref name="now"/>.</summary>
    Guid NewRunId(DateTimeOffset now);

    /// <summary>A number from 0 to 1.</summary>
    double NextJitter();
}
