using Perdure.Authoring;

namespace Perdure;

/// <summary>One of an activity's four clocks ended it.</summary>
public sealed class ActivityTimeoutException : ActivityFailedException
{
    internal ActivityTimeoutException(string activity, int attempts, ActivityClock clock, Failure failure)
        : base(ErrorCodes.ActivityTimeout, activity, attempts, failure) => Clock = clock;

    /// <summary>Which clock.</summary>
    public ActivityClock Clock { get; }
}
