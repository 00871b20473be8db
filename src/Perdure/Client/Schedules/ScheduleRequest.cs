using System.Text.Json;
using Perdure.Authoring;
using Perdure.Schedules;

namespace Perdure.Client;

/// <summary>Checks what a caller wants of a schedule, before anything is stored.</summary>
internal static class ScheduleRequest
{
    /// <summary>A time is added to it in the ids of runs.</summary>
    private const int MaxNameLength = 150;

    public static ScheduleDefinition For<TIn>(
        string name, ScheduleTimes times, WorkflowDefinition<TIn> workflow, TIn input, ScheduleOptions? options, WorkflowRegistry workflows, PayloadCodec codec)
    {
        ArgumentNullException.ThrowIfNull(workflow);
        var json = codec.Serialize(input, PayloadKind.Input);
        if (workflows.Find(workflow.Name, workflow.Version) is { } code && code.InputType != typeof(TIn)) codec.Check(json.Span, code.InputType);
        return Create(name, times, workflow.Name, workflow.Version, json, options);
    }

    public static ScheduleDefinition ByName(
        string name, ScheduleTimes times, string workflow, object? input, ScheduleOptions? options, WorkflowRegistry workflows, PayloadCodec codec)
    {
        Names.Validate(NameKind.Workflow, workflow);
        var code = workflows.FindLatest(workflow);
        return Create(name, times, workflow, code?.Version ?? 1, codec.SerializeFor(input, code?.InputType, PayloadKind.Input), options);
    }

    public static ScheduleDefinition ForVersion(
        string name, ScheduleTimes times, string workflow, int version, JsonElement? input, ScheduleOptions options, WorkflowRegistry workflows, PayloadCodec codec) =>
        Create(name, times, workflow, version, codec.SerializeFor(input, workflows.Find(workflow, version)?.InputType, PayloadKind.Input), options);

    public static JsonElement Write(object input, PayloadCodec codec) => Parse(codec.SerializeFor(input, null, PayloadKind.Input));

    public static void CheckName(string name)
    {
        Names.Validate(NameKind.Schedule, name);
        if (name.Length > MaxNameLength)
            throw new InvalidOptionException("name", $"A schedule's name has {MaxNameLength} characters at most, not {name.Length}.", ErrorCodes.InvalidName);
    }

    private static ScheduleDefinition Create(string name, ScheduleTimes times, string workflow, int version, ReadOnlyMemory<byte> input, ScheduleOptions? options)
    {
        CheckName(name);
        ArgumentNullException.ThrowIfNull(times);
        options ??= new ScheduleOptions();
        options.Validate();
        return new ScheduleDefinition { Name = name, Times = times, Workflow = workflow, Version = version, Input = Parse(input), Options = options };
    }

    private static JsonElement Parse(ReadOnlyMemory<byte> json) => JsonElement.Parse(json.Span);
}
