using Perdure.Authoring;

namespace Perdure;

/// <summary>The data of a run was written from elsewhere than its workflow code: inside a step or an activity, or on another thread. Never retried.</summary>
public sealed class ContextReadOnlyException : PerdureException, IFinalError
{
    internal ContextReadOnlyException()
        : base(ErrorCodes.ContextReadOnly,
            "The data of a run can only be written by its workflow code. Return what the step has found, and put it into Data behind the step.")
    {
    }
}
