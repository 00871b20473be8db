using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>A recorded request to stop.</summary>
/// <param name="Request">The request.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="CodeHadEnded">The code had returned before, so that it never knew.</param>
internal sealed record Cancellation(CancelRequest Request, Instant At, bool CodeHadEnded)
{
    public static Cancellation Read(in EventRecord e, bool codeHadEnded = false) => new(RunJson.ReadCancel(e.Data), e.At, codeHadEnded);

    public bool IsTimeout => Request.Cause == CancellationCause.Timeout;

    public bool KeepsQueued => Request.KeepQueued;

    /// <summary>When the run ends without any more of its code, or never.</summary>
    public Instant GraceEnd => IsTimeout ? At.Add(PerdureDefaults.TimeoutGrace) : Request.Grace is { } grace ? At.Add(grace) : Instant.Never;

    /// <summary>What the code sees.</summary>
    public WorkflowCancelledException ToException() => new(Request.Reason, Request.Cause);
}
