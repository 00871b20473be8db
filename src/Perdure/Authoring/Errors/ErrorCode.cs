using System.Collections.Concurrent;
using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>
/// The stable code of an error. A foreign exception gets one from its class name (<c>InvalidOperationException</c> is
/// <c>invalid_operation</c>), so that what is stored never contains a type and stays readable when code moves.
/// </summary>
internal static class ErrorCode
{
    private static readonly ConcurrentDictionary<Type, string> Codes = new();

    public static string Of(Exception error) => error is ICodedError { Code: { Length: > 0 } code } ? code : OfType(error.GetType());

    public static string OfType(Type type) => Codes.GetOrAdd(type, static type =>
    {
        string name = type.Name;
        int generic = name.IndexOf('`', StringComparison.Ordinal);
        if (generic >= 0) name = name[..generic];
        const string suffix = "Exception";
        if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) name = name[..^suffix.Length];
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    });
}
