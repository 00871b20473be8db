using System.Globalization;

namespace Perdure;

/// <summary>An item of a fan-out failed, and the rest was cancelled. The inner exception is the item's.</summary>
public abstract class FanOutFailedException : PerdureException
{
    private protected FanOutFailedException(int total, int failed, Exception cause)
        : base(ErrorCodes.FanOutFailed, string.Create(CultureInfo.InvariantCulture, $"{failed} of {total} items failed, and the rest was cancelled: {cause.Message}"), cause)
    {
    }
}

/// <summary>An item of a fan-out failed, and the rest was cancelled.</summary>
/// <typeparam name="T">The results' type.</typeparam>
public sealed class FanOutFailedException<T> : FanOutFailedException
{
    internal FanOutFailedException(FanOutResult<T> result, Exception cause) : base(result.Total, result.FailedCount, cause) => Result = result;

    /// <summary>What there was when the first item failed.</summary>
    public FanOutResult<T> Result { get; }
}
