using Perdure.Authoring;

namespace Perdure;

/// <summary>An option, a name or a registration breaks a rule. The message names the knob to turn. Never retried.</summary>
public sealed class InvalidOptionException : PerdureException, IFinalError
{
    internal InvalidOptionException(string option, string message, string code = ErrorCodes.InvalidOption, Exception? inner = null)
        : base(code, message, inner) => Option = option;

    /// <summary>What to change, for example <c>StepOptions.Timeout</c>.</summary>
    public string Option { get; }
}
