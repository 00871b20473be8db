using System.Globalization;
using Perdure.Authoring;

namespace Perdure;

/// <summary>A run that is itself 32 levels deep asked for a child. Nothing was started. Final: another attempt would meet it again.</summary>
public sealed class NestingDepthExceededException : PerdureException, IFinalError
{
    internal NestingDepthExceededException(string workflow) : base(ErrorCodes.NestingDepthExceeded, string.Create(CultureInfo.InvariantCulture,
        $"The child workflow '{workflow}' would be nested deeper than {PerdureDefaults.MaxNestingDepth} levels. Let a parent further up start it, or continue as new."))
    {
    }
}
