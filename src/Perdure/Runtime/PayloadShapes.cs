using System.Text.Json.Serialization.Metadata;
using Perdure.Authoring;
using Perdure.Formats;

namespace Perdure.Runtime;

/// <summary>Finds out what the JSON of a type looks like.</summary>
internal static class PayloadShapes
{
    /// <summary>Deeper than this anything goes: the shape refuses obvious mistakes, the type itself has the last word.</summary>
    private const int Depth = 6;

    public static PayloadShape Of(PayloadCodec codec, Type type) => Of(codec, type, Depth);

    private static PayloadShape Of(PayloadCodec codec, Type type, int depth)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        var isNullable = bare != type || !type.IsValueType;
        if (depth == 0) return new PayloadShape { Nullable = true };
        if (LeafOf(bare) is { } leaf) return new PayloadShape { Type = leaf, Nullable = isNullable };
        var info = codec.DescribeType(bare);
        return info.Kind switch
        {
            JsonTypeInfoKind.Object when info.PolymorphismOptions is null => ObjectOf(codec, info, isNullable, depth),
            JsonTypeInfoKind.Enumerable when info.ElementType is { } element => new PayloadShape { Type = "array", Nullable = isNullable, Items = Of(codec, element, depth - 1) },
            JsonTypeInfoKind.Dictionary when info.ElementType is { } element => new PayloadShape { Type = "map", Nullable = isNullable, Items = Of(codec, element, depth - 1) },
            _ => new PayloadShape { Nullable = true },
        };
    }

    private static PayloadShape ObjectOf(PayloadCodec codec, JsonTypeInfo info, bool isNullable, int depth)
    {
        var members = new Dictionary<string, PayloadShape>(StringComparer.Ordinal);
        List<string>? required = null;
        foreach (var property in info.Properties)
        {
            if (property.IsExtensionData) continue;
            members[property.Name] = property.CustomConverter is null ? Of(codec, property.PropertyType, depth - 1) : new PayloadShape { Nullable = true };
            if (property.IsRequired) (required ??= []).Add(property.Name);
        }
        return new PayloadShape { Type = "object", Nullable = isNullable, Members = members, Required = required };
    }

    private static string? LeafOf(Type type)
    {
        if (type == typeof(string)) return "text";
        if (type == typeof(bool)) return "bool";
        if (type == typeof(int)) return "int";
        if (type == typeof(long)) return "long";
        if (type == typeof(double) || type == typeof(float) || type == typeof(decimal)) return "number";
        if (type == typeof(DateTime) || type == typeof(DateTimeOffset)) return "date";
        if (type == typeof(Guid)) return "guid";
        return null;
    }
}
