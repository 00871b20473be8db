using System.Text.Json;
using System.Text.Json.Nodes;

namespace Perdure.Torture.Adapter.Clients;

/// <summary>What a request that failed is answered: certainly not done, or nobody knows.</summary>
internal static class Refusals
{
    public static JsonObject Describe(Exception error)
    {
        var (isRejected, reason) = error switch
        {
            RunClosedException => (true, "closed"),
            RunNotFoundException => (true, "unknown-run"),
            KeyConflictException or AlreadyExistsException => (true, "conflict"),
            // Refused before anything was sent.
            InvalidOptionException or TooManySignalsException or InputValidationException or PayloadTooLargeException or UnsupportedRequestException or JsonException => (true, null),
            _ => (false, (string?)null),
        };
        var answer = new JsonObject { ["ok"] = false, ["class"] = isRejected ? "rejected" : "unknown", ["err"] = $"{error.GetType().Name}: {error.Message}" };
        if (reason is not null) answer["reason"] = reason;
        return answer;
    }
}
