using System.Globalization;
using System.Reflection;
using System.Text;

namespace Perdure.Tests.Architecture.PublicApi;

/// <summary>The public surface of an assembly as text: one line a type and a member, sorted, so that every change of it is seen in a review.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Head(type)).Append('\n');
            foreach (var member in type.IsEnum ? Values(type) : Members(type).Order(StringComparer.Ordinal)) text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    private static string Head(Type type)
    {
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : typeof(Delegate).IsAssignableFrom(type) ? "delegate" : type.IsValueType ? "struct" : "class";
        var modifier = type.IsInterface || type.IsValueType ? "" : type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)) bases.Add(TypeText.Of(parent));
        if (type.IsEnum && Enum.GetUnderlyingType(type) != typeof(int)) bases.Add(TypeText.Of(Enum.GetUnderlyingType(type)));
        if (!type.IsEnum) bases.AddRange(type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Where(i => i.IsPublic).Select(TypeText.Of).Order(StringComparer.Ordinal));
        return $"{modifier}{kind} {type.Namespace}.{TypeText.Of(type)}{(bases.Count == 0 ? "" : " : " + string.Join(", ", bases))}{TypeText.Constraints(type.GetGenericArguments())}";
    }

    private static IEnumerable<string> Values(Type type) =>
        Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");

    private static IEnumerable<string> Members(Type type)
    {
        foreach (var constructor in type.GetConstructors(Declared).Where(IsVisible))
            yield return $"{Access(constructor)}{TypeText.Simple(type)}({MemberText.Parameters(constructor)})";
        foreach (var field in type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly))
            yield return MemberText.Of(field);
        foreach (var property in type.GetProperties(Declared).Where(p => p.GetAccessors(true).Any(IsVisible)))
            yield return MemberText.Of(property, IsVisible);
        foreach (var change in type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod!)))
            yield return $"event {TypeText.Of(change.EventHandlerType!)} {change.Name}";
        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && IsWritten(m)))
            yield return Access(method) + MemberText.Of(method);
    }

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    /// <summary>Accessors are shown by their property; what the compiler adds to every record says nothing.</summary>
    private static bool IsWritten(MethodInfo method) =>
        !(method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute))
        && method.Name != "<Clone>$";

    private static string Access(MethodBase method) =>
        (method.IsPublic ? "" : "protected ") + (method.IsStatic ? "static " : "")
        + (method.DeclaringType!.IsInterface || method.IsConstructor ? "" : method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false }
            ? ((MethodInfo)method).GetBaseDefinition() == method ? "virtual " : "override " : "");
}
