namespace Perdure;

/// <summary>Nobody answered a question in time.</summary>
public sealed class InputTimeoutException : PerdureException
{
    internal InputTimeoutException(string input) : base(ErrorCodes.InputTimeout, $"Nobody answered the question '{input}' in time.") => Input = input;

    /// <summary>The question's name.</summary>
    public string Input { get; }
}
