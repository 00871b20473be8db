namespace Perdure.Authoring;

/// <summary>Type names for people: <c>List&lt;Order&gt;</c>.</summary>
internal static class TypeNames
{
    public static string Of(Type type)
    {
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        int generic = type.Name.IndexOf('`', StringComparison.Ordinal);
        if (generic < 0 || !type.IsGenericType) return type.Name;
        return $"{type.Name[..generic]}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }
}
