using System.Text.Json;
using System.Text.Json.Serialization;

namespace Perdure.Schedules;

/// <summary>How schedules are written in signals, published state and inputs: in one form, whatever JSON options a program has.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ScheduleCommand))]
[JsonSerializable(typeof(ScheduleState))]
internal sealed partial class ScheduleJson : JsonSerializerContext
{
    public static JsonElement Write(ScheduleCommand command) => JsonSerializer.SerializeToElement(command, Default.ScheduleCommand);

    public static JsonElement Write(ScheduleState state) => JsonSerializer.SerializeToElement(state, Default.ScheduleState);

    public static ScheduleCommand ReadCommand(JsonElement json) => json.Deserialize(Default.ScheduleCommand)!;

    public static ScheduleState ReadState(JsonElement json) => json.Deserialize(Default.ScheduleState)!;
}
