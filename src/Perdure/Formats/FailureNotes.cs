namespace Perdure.Formats;

/// <summary>What the engine decided about a failed attempt; stored with the failure, so that a replay never decides anew.</summary>
internal static class FailureNotes
{
    public const string Retryable = "retryable";
    public const string Final = "final";
    public const string Cancelled = "cancelled";
    public const string Unknown = "unknown";
}
