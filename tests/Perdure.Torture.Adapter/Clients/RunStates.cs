using System.Text.Json;

namespace Perdure.Torture.Adapter.Clients;

/// <summary>Statuses in the words of the protocol.</summary>
internal static class RunStates
{
    public const string Running = "running";
    public const string Parked = "parked";

    public static string Of(RunInfo run) => run.Status switch
    {
        RunStatus.Completed => "completed",
        RunStatus.Failed => run.Error?.Code == TortureWorkflowCodes.CompensationFailed ? "compfailed" : "failed",
        RunStatus.CompensationFailed => "compfailed",
        RunStatus.Cancelled => "cancelled",
        RunStatus.Blocked => Parked,
        // The adapter gives no run timeout and terminates nothing.
        RunStatus.TimedOut or RunStatus.Terminated => "failed",
        _ => Running,
    };

    /// <summary>The final witness of a completed run, else null.</summary>
    public static string? ResultOf(RunInfo run) => run is { Status: RunStatus.Completed, Result: { ValueKind: JsonValueKind.String } result } ? result.GetString() : null;
}
