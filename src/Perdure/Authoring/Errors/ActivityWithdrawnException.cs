using Perdure.Authoring;

namespace Perdure;

/// <summary>Somebody outside took an activity off its queue before an attempt of it began (<see cref="IQueueClient.PurgeAsync"/>). The run itself goes on.</summary>
public sealed class ActivityWithdrawnException : OperationCanceledException, ICodedError
{
    internal ActivityWithdrawnException(string activity, string? reason)
        : base($"The activity '{activity}' was taken off its queue{(reason is null ? "." : $": {reason}")}") => (Activity, Reason) = (activity, reason);

    /// <summary><see cref="ErrorCodes.ActivityWithdrawn"/>.</summary>
    public string Code => ErrorCodes.ActivityWithdrawn;

    /// <summary>The activity's name.</summary>
    public string Activity { get; }

    /// <summary>Why, as the caller said; null if he did not.</summary>
    public string? Reason { get; }
}
