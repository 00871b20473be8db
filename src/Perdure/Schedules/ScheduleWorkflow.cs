using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Schedules;

/// <summary>
/// A schedule is a run of this workflow: it sleeps until the next time, starts a child, and listens to commands. So whatever holds for runs holds for schedules: any worker
/// goes on with it, a time and its start are one transaction, and its history tells every decision.
/// </summary>
internal static class ScheduleWorkflow
{
    public const string Name = "_schedule";

    /// <summary>The queue of the engine's own runs, which every worker serves.</summary>
    public const string Queue = "_engine";

    public static WorkflowDefinition<JsonElement> Definition { get; } = WorkflowDefinition<JsonElement>.BuiltIn(Name);

    public static Signal<JsonElement> Commands { get; } = new("schedule-command");

    public static Published<JsonElement> View { get; } = new("schedule");

    /// <summary>The start key of a schedule's run.</summary>
    public static string KeyOf(string schedule) => $"{Name}:{schedule}";

    public static WorkflowDescriptor Describe() => new WorkflowDescriptor<JsonElement, Unit>(
        new WorkflowIdentity(Name, 1, typeof(ScheduleWorkflow)), new WorkflowOptions { Queue = Queue }, static _ => RunAsync);

    private static async Task<Unit> RunAsync(WorkflowContext ctx, JsonElement input)
    {
        // The first run of a schedule has its name as input, and its times count from its birth; one that goes on has what the one before knew.
        var state = input.ValueKind == JsonValueKind.String ? new ScheduleState { Cursor = ctx.UtcNow } : ScheduleJson.ReadState(input);
        await new ScheduleRun(ctx, state).RunAsync();
        return default;
    }
}
