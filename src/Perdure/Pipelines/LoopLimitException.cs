using System.Globalization;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>The condition of a loop still held after as many iterations as it may have. The run fails.</summary>
public sealed class LoopLimitException : PerdureException, IFinalError
{
    internal LoopLimitException(string loop, int limit)
        : base(ErrorCodes.LoopLimit, string.Create(CultureInfo.InvariantCulture, $"The loop '{loop}' goes on after {limit} iterations. Raise maxIterations, or correct its condition."))
    {
    }
}
