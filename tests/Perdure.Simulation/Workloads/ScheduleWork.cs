using System.Text.Json;
using Perdure.Authoring;
using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>Schedules as a client makes and changes them: a run that keeps the schedule, and commands that are signals to it.</summary>
internal static class ScheduleWork
{
    public static ScheduleDefinition Define(string name, ScheduleTimes times, Act job, ScheduleOptions options) => new()
    {
        Name = name, Times = times, Workflow = Interpreter.WorkflowName, Version = 1, Input = JsonDocument.Parse(PayloadCodec.Default.Serialize(job)).RootElement, Options = options,
    };

    /// <summary>Starts the run that keeps a schedule, together with the command that says which.</summary>
    public static StartOp Start(string run, long at, ScheduleDefinition schedule) => new()
    {
        Run = run, At = at, Program = new Act(), Keeps = schedule, StartKey = ScheduleWorkflow.KeyOf(schedule.Name), Signal = ScheduleWorkflow.Commands.Name,
    };

    public static PostOp Command(string run, long at, ScheduleCommand command) =>
        new() { Run = run, At = at, Kind = MessageKind.Signal, Name = ScheduleWorkflow.Commands.Name, Command = command, PatienceMs = 1000 };

    public static ReadOnlyMemory<byte> Payload(ScheduleCommand command) => PayloadCodec.Default.Serialize(ScheduleJson.Write(command));
}
