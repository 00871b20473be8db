using Perdure.Authoring;

namespace Perdure;

/// <summary>A wait limit passed. What was waited for goes on, and can be awaited again.</summary>
public sealed class WaitLimitException : TimeoutException, ICodedError
{
    internal WaitLimitException(string awaited, TimeSpan limit)
        : base($"The wait for {awaited} reached its limit of {Durations.Format(limit)}; it goes on and can be awaited again.") =>
        Limit = limit;

    /// <summary><see cref="ErrorCodes.WaitLimit"/>.</summary>
    public string Code => ErrorCodes.WaitLimit;

    /// <summary>The limit.</summary>
    public TimeSpan Limit { get; }
}
