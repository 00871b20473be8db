using System.Globalization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>A payload is larger than its limit. Nothing was stored, and nothing is ever cut short. Never retried.</summary>
public sealed class PayloadTooLargeException : PerdureException, IFinalError
{
    /// <param name="what">What is too large.</param>
    /// <param name="size">Its size in bytes, as far as it was counted.</param>
    /// <param name="limit">The limit in bytes.</param>
    internal PayloadTooLargeException(string what, long size, int limit)
        : base(ErrorCodes.PayloadTooLarge, string.Create(CultureInfo.InvariantCulture,
            $"{what} has at least {size:N0} bytes; the limit is {limit:N0}. Store the data elsewhere and pass a reference to it."))
    {
        Size = size;
        Limit = limit;
    }

    /// <summary>The size in bytes, as far as it was counted.</summary>
    public long Size { get; }

    /// <summary>The limit in bytes.</summary>
    public int Limit { get; }
}
