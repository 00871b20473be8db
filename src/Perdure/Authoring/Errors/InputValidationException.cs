using Perdure.Authoring;

namespace Perdure;

/// <summary>
/// An input (of a run, an activity, a signal) does not fit the type that was declared for it. Nothing was stored. Never retried.
/// </summary>
public sealed class InputValidationException : PerdureException, IFinalError
{
    internal InputValidationException(string message, string path = "$", string? problem = null)
        : base(ErrorCodes.InputInvalid, message) =>
        Errors = new Dictionary<string, string>(StringComparer.Ordinal) { [path] = problem ?? message };

    internal InputValidationException(string message, IReadOnlyDictionary<string, string> errors) : base(ErrorCodes.InputInvalid, message) => Errors = errors;

    /// <summary>What is wrong, by the path of the member: <c>$.customer.age</c>.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; }
}
