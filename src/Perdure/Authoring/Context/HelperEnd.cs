namespace Perdure.Authoring;

/// <summary>How the engine's own <c>async</c> helpers for workflow code end.</summary>
internal static class HelperEnd
{
    /// <summary>
    /// Call it as the last act. A task that completes while a synchronization context is current sends the continuation of an
    /// <c>await … .ConfigureAwait(false)</c> to the thread pool, out of the run; without one it goes on in place. The runtime restores the context
    /// of whoever let the helper run.
    /// </summary>
    public static void LeaveContext() => SynchronizationContext.SetSynchronizationContext(null);
}
