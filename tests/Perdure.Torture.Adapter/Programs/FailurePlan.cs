using System.Text.Json;

namespace Perdure.Torture.Adapter.Programs;

/// <summary>How an attempt of a step is to fail.</summary>
internal static class FailurePlan
{
    public const string Throw = "throw";
    public const string Fatal = "fatal";
    public const string Exit = "exit";
    public const string Kill = "kill";
    public const string EndKill = "endkill";
    public const string Hang = "hang";

    /// <summary>The kind of failure of an attempt, or null: it succeeds.</summary>
    public static string? Of(IReadOnlyList<JsonElement>? fail, int attempt)
    {
        long last = 0;
        foreach (var pair in fail ?? [])
        {
            last += pair[1].GetInt64();
            if (attempt <= last) return pair[0].GetString();
        }
        return null;
    }
}
