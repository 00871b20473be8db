using System.Globalization;
using System.Text;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>All that the body of a step sees that runs as an activity, as the activity's input.</summary>
/// <param name="Input">The run's input.</param>
/// <param name="Data">The data as of the call.</param>
/// <param name="Item">Where the iteration stands; null outside.</param>
internal readonly record struct QueuedStep(ReadOnlyMemory<byte> Input, DataValues Data, PipelineItem? Item)
{
    public static QueuedStep Read(JsonElement call)
    {
        var item = call.TryGetProperty("index", out var index)
            ? new PipelineItem(index.GetInt32(), call.TryGetProperty("item", out var json) ? JsonBytes.Of(json) : default)
            : null;
        return new(JsonBytes.Of(call.GetProperty("input")), DataValues.Read(JsonBytes.Of(call.GetProperty("data"))), item);
    }

    public JsonElement Write()
    {
        var members = new List<KeyValuePair<string, ReadOnlyMemory<byte>>> { new("input", Input), new("data", JsonBytes.Object(Data.ByKey)) };
        if (Item is { } item)
        {
            members.Add(new("index", Encoding.ASCII.GetBytes(item.Index.ToString(CultureInfo.InvariantCulture))));
            if (!item.Json.IsEmpty) members.Add(new("item", item.Json));
        }
        return JsonBytes.Element(JsonBytes.Object(members));
    }
}
