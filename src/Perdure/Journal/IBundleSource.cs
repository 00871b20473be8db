using Perdure.Storage;

namespace Perdure.Journal;

/// <summary>A run as a lane sees it: something that has a bundle to write now and then. Called by the lane only, one call at a time.</summary>
internal interface IBundleSource
{
    /// <summary>The bundle to write now, or null if there is none (any more). Until its fate is told, no other is taken.</summary>
    RunBundle? Take();

    /// <summary>The bundle is durable.</summary>
    void Committed(in BundleOutcome outcome, Instant now);

    /// <summary>The rows do not fit what the bundle assumed; nothing of it was written.</summary>
    void Refused(RefusalReason reason);

    /// <summary>The store can never take this bundle; nothing of it was written.</summary>
    void Poisoned(StoreException reason);

    /// <summary>The engine itself failed when the bundle was asked for; nothing of it was written, and nothing is asked for any more.</summary>
    void Failed(Exception reason);

    /// <summary>The worker was presumed dead; nothing of the bundle was written or will be.</summary>
    void Fenced();
}
