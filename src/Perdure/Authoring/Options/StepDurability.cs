namespace Perdure;

/// <summary>When a step's outcome must be on disk.</summary>
public enum StepDurability
{
    /// <summary>Before the next body starts. The default.</summary>
    Strict = 0,

    /// <summary>
    /// With the run's next commit: many cheap steps share one. Until then a crash runs the step again under the same idempotency key.
    /// </summary>
    Deferred = 1,
}
