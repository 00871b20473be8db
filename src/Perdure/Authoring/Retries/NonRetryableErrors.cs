namespace Perdure.Authoring;

/// <summary>Which errors end the attempts at once.</summary>
internal static class NonRetryableErrors
{
    /// <summary>Whether the error is final by nature, or the policy lists its code or that of a type that it derives from.</summary>
    public static bool Contains(RetryPolicy policy, Exception error)
    {
        error = Failure.Unwrap(error);
        if (IsFinal(error)) return true;
        if (policy.NonRetryable.Count == 0) return false;
        if (Lists(policy, ErrorCode.Of(error))) return true;
        if (error is OperationFailedException failed && Lists(policy, failed.ErrorCode)) return true;
        for (Type? type = error.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            if (Lists(policy, ErrorCode.OfType(type))) return true;
        }
        return false;
    }

    /// <summary>Whether the error is final by nature: also a step's, when what it failed with was.</summary>
    public static bool IsFinal(Exception error) => error is IFinalError or OperationFailedException { Failure.Final: true };

    private static bool Lists(RetryPolicy policy, string code)
    {
        for (int i = 0; i < policy.NonRetryable.Count; i++)
        {
            if (policy.NonRetryable[i] == code) return true;
        }
        return false;
    }
}
