using System.Text.Json.Serialization.Metadata;

namespace Perdure.Authoring;

/// <content>What the JSON of a type looks like.</content>
internal sealed partial class PayloadCodec
{
    /// <summary>The metadata under which payloads of a type are written.</summary>
    public JsonTypeInfo DescribeType(Type type) => TypeInfo(type);
}
