using System.Globalization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>A run that has started 10,000 children asked for one more. Nothing was started. Final: another attempt would meet it again.</summary>
public sealed class TooManyChildrenException : PerdureException, IFinalError
{
    internal TooManyChildrenException(string workflow) : base(ErrorCodes.TooManyChildren, string.Create(CultureInfo.InvariantCulture,
        $"The run has started {PerdureDefaults.MaxChildren} children, and no more are allowed; '{workflow}' was not started. Let each child start a part of them, or continue as new."))
    {
    }
}
