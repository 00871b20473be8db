using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Cli.Output;

/// <summary>How the tool writes JSON: camelCase, statuses by name, instants in ISO 8601.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunMoment))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(IReadOnlyList<HistoryEvent>))]
[JsonSerializable(typeof(IReadOnlyList<ScheduleInfo>))]
[JsonSerializable(typeof(IReadOnlyList<QueueInfo>))]
[JsonSerializable(typeof(IReadOnlyList<WorkerInfo>))]
[JsonSerializable(typeof(IReadOnlyList<DateTimeOffset>))]
[JsonSerializable(typeof(RunExplanation))]
[JsonSerializable(typeof(IReadOnlyList<ReplayCheck>))]
[JsonSerializable(typeof(InputList))]
[JsonSerializable(typeof(HookList))]
[JsonSerializable(typeof(IReadOnlyList<WaitAnswer>))]
[JsonSerializable(typeof(StartAnswer))]
[JsonSerializable(typeof(ActAnswer))]
[JsonSerializable(typeof(SchemaAnswer))]
[JsonSerializable(typeof(BackUpAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(PurgeAnswer))]
[JsonSerializable(typeof(BulkReport))]
[JsonSerializable(typeof(IReadOnlyList<WorkflowSummary>))]
[JsonSerializable(typeof(QueuePurgeAnswer))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>Indented.</summary>
    public static readonly CliJson Readable = new(Settings(indented: true));

    /// <summary>One line a document.</summary>
    public static readonly CliJson OneLine = new(Settings(indented: false));

    // Not for HTML, so letters stay readable; what could harm a terminal is escaped when it is written. Payloads nest 64 levels, and stand inside of other objects.
    private static JsonSerializerOptions Settings(bool indented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = indented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128,
        Converters = { new JsonStringEnumConverter<RunStatus>(), new JsonStringEnumConverter<RunPhase>(), new JsonStringEnumConverter<EventKind>(), new JsonStringEnumConverter<RunStepStatus>(), new JsonStringEnumConverter<CancelOutcome>(),
            new JsonStringEnumConverter<InputStatus>(), new JsonStringEnumConverter<InputKind>(), new JsonStringEnumConverter<InputFieldType>(), new JsonStringEnumConverter<HookStatus>(),
            new JsonStringEnumConverter<ReplayVerdict>(), new JsonStringEnumConverter<ScheduleOverlap>(), new JsonStringEnumConverter<ScheduleCatchUp>(), new JsonStringEnumConverter<ScheduleOutcome>() },
    };
}
