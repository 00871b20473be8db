namespace Perdure;

/// <summary>An answer to a question was not taken; nothing was stored. The code says why.</summary>
public sealed class InputRefusedException : PerdureException
{
    internal InputRefusedException(string code, string runId, string input) : base(code, code switch
    {
        ErrorCodes.AlreadyProvided => $"The question '{input}' of run '{runId}' has been answered already.",
        ErrorCodes.RequestExpired => $"The time for the question '{input}' of run '{runId}' is up.",
        ErrorCodes.StaleRequest => $"The answer is meant for an earlier question '{input}' of run '{runId}'. Look at the one that is open now.",
        _ => $"The run '{runId}' does not ask '{input}'.",
    }) => (RunId, Input) = (runId, input);

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>The question's name.</summary>
    public string Input { get; }
}
