using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// One start of several breaks a rule, so none of them was made. <see cref="PerdureException.Code"/> is that of the inner exception, which says what is wrong. Never retried.
/// </summary>
public sealed class InvalidStartException : PerdureException, IFinalError
{
    internal InvalidStartException(int index, PerdureException inner)
        : base(inner.Code, $"Start {index} of the list is refused, so none was made: {inner.Message}", inner) => Index = index;

    /// <summary>Which one, from 0.</summary>
    public int Index { get; }
}
