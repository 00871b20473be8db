using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Perdure.Tests.Architecture.PublicApi;

/// <summary>Members as the snapshot writes them.</summary>
internal static class MemberText
{
    public static string Of(FieldInfo field)
    {
        var type = TypeText.Of(field.FieldType, new NullabilityInfoContext().Create(field));
        return field.IsLiteral ? $"const {type} {field.Name} = {Literal(field.GetRawConstantValue())}"
            : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{type} {field.Name}";
    }

    public static string Of(PropertyInfo property, Func<MethodBase, bool> isVisible)
    {
        var accessors = (property.GetMethod is { } get && isVisible(get) ? "get; " : "")
            + (property.SetMethod is { } set && isVisible(set) ? IsInit(set) ? "init; " : "set; " : "");
        var any = property.GetAccessors(true)[0];
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var inherited = any.DeclaringType!.IsInterface ? "" : any.IsAbstract ? "abstract " : "";
        var index = property.GetIndexParameters();
        var name = index.Length == 0 ? property.Name : $"this[{string.Join(", ", index.Select(Of))}]";
        return $"{(any.IsStatic ? "static " : "")}{inherited}{required}{TypeText.Of(property.PropertyType, new NullabilityInfoContext().Create(property))} {name} {{ {accessors}}}";
    }

    public static string Of(MethodInfo method) =>
        $"{TypeText.Of(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}"
        + $"{(method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "")}"
        + $"({(method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "")}{Parameters(method)}){TypeText.Constraints(method.IsGenericMethod ? method.GetGenericArguments() : [])}";

    public static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Of));

    private static string Of(ParameterInfo parameter)
    {
        var type = TypeText.Of(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));
        var by = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        return $"{by}{type} {parameter.Name}{(parameter.HasDefaultValue ? " = " + Default(parameter) : "")}";
    }

    private static bool IsInit(MethodInfo set) => set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Default(ParameterInfo parameter) =>
        parameter.RawDefaultValue is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
            ? "default" : Literal(parameter.RawDefaultValue);

    private static string Literal(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
