using System.Globalization;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure;

/// <summary>A step or an activity failed for good. It is built from what was recorded, so it is the same live and on replay.</summary>
public abstract class OperationFailedException : PerdureException
{
    private protected OperationFailedException(string code, string what, string name, int attempts, Failure failure)
        : base(code, Describe(what, name, attempts, failure))
    {
        Name = name;
        Attempts = attempts;
        Failure = failure;
    }

    private protected OperationFailedException(Failure failure, string code, string message, string name, int attempts)
        : base(code, message)
    {
        Name = name;
        Attempts = attempts;
        Failure = failure;
    }

    /// <summary>The step's or activity's name.</summary>
    public string Name { get; }

    /// <summary>How many attempts were made.</summary>
    public int Attempts { get; }

    /// <summary>
    /// The code of the error that the last attempt ended with, for example <c>card_declined</c> or <c>invalid_operation</c>.
    /// </summary>
    public string ErrorCode => Failure.Code;

    /// <summary>The message of the error that the last attempt ended with, at most 4,096 characters.</summary>
    public string ErrorMessage => Failure.Message;

    /// <summary>The details that the error carried, as JSON; null when it carried none.</summary>
    public JsonElement? Details => Failure.Details;

    internal Failure Failure { get; }

    private static string Describe(string what, string name, int attempts, Failure failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"The {what} '{name}' failed after {attempts} {(attempts == 1 ? "attempt" : "attempts")}: {failure.Message}");
}
