using System.Reflection;

namespace Perdure.Tests.Architecture.PublicApi;

/// <summary>Types as the snapshot writes them: without namespaces, with a question mark where null is allowed.</summary>
internal static class TypeText
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(short)] = "short",
        [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(ulong)] = "ulong", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type) => Of(type, null);

    public static string Of(Type type, NullabilityInfo? nulls)
    {
        if (type.IsByRef) return Of(type.GetElementType()!, nulls);
        if (Nullable.GetUnderlyingType(type) is { } value) return Of(value, null) + "?";
        var mark = nulls is { ReadState: NullabilityState.Nullable } or { ReadState: NullabilityState.Unknown, WriteState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray) return $"{Of(type.GetElementType()!, nulls?.ElementType)}[]{mark}";
        // The compiler cannot say whether an unconstrained parameter was written with a question mark.
        if (type.IsGenericParameter) return type.Name;
        if (Words.TryGetValue(type, out var word)) return word + mark;
        return Generic(type, nulls) + mark;
    }

    public static string Simple(Type type) => type.Name.Contains('`', StringComparison.Ordinal) ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;

    public static string Constraints(Type[] parameters)
    {
        var texts = new List<string>();
        foreach (var parameter in parameters.Where(p => p.IsGenericParameter))
        {
            var rules = new List<string>();
            var attributes = parameter.GenericParameterAttributes;
            if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) rules.Add("struct");
            else
            {
                if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) rules.Add("class");
                rules.AddRange(parameter.GetGenericParameterConstraints().Select(Of));
                if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)) rules.Add("new()");
            }
            if (rules.Count > 0) texts.Add($" where {parameter.Name} : {string.Join(", ", rules)}");
        }
        return string.Concat(texts);
    }

    private static string Generic(Type type, NullabilityInfo? nulls)
    {
        var outer = type.IsNested ? Simple(type.DeclaringType!) + "." : "";
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 0) return outer + type.Name;
        var known = nulls?.GenericTypeArguments is { } states && states.Length == arguments.Length ? states : null;
        return $"{outer}{Simple(type)}<{string.Join(", ", arguments.Select((argument, i) => Of(argument, known?[i])))}>";
    }
}
