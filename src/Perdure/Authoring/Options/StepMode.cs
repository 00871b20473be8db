namespace Perdure;

/// <summary>What a crash in the middle of a step means.</summary>
public enum StepMode
{
    /// <summary>The step runs again under the same idempotency key. The default.</summary>
    AtLeastOnce = 0,

    /// <summary>
    /// The step's begin is recorded before its body runs, and the body never runs twice: after a crash the workflow gets a
    /// <see cref="StepOutcomeUnknownException"/>.
    /// </summary>
    AtMostOnce = 1,
}
