namespace Perdure.Formats;

/// <summary>A request to stop, as it is posted and recorded.</summary>
/// <param name="Reason">For people; may be null.</param>
/// <param name="By">Who asked; may be null.</param>
/// <param name="Cause">Why.</param>
/// <param name="KeepQueued">Whether activities that are still queued run all the same.</param>
/// <param name="Grace">How long cleanup may take before the run is terminated; null for as long as it takes.</param>
internal sealed record CancelRequest(
    string? Reason, string? By = null, CancellationCause Cause = CancellationCause.Request, bool KeepQueued = false, TimeSpan? Grace = null);
