using System.Globalization;
using System.Text.Json;

namespace Perdure.Authoring;

/// <summary>
/// The rule for names: 1 to 255 characters, any Unicode except control characters, no space at either end, case-sensitive; a leading
/// underscore belongs to the engine.
/// </summary>
internal static class Names
{
    /// <summary>Checks a name. Called for every operation, so the ordinary name passes without a second look.</summary>
    /// <exception cref="InvalidOptionException">The name breaks the rule.</exception>
    public static void Validate(NameKind kind, string name)
    {
        if (name is { Length: > 0 and <= PerdureDefaults.MaxNameLength }
            && name[0] != '_' && name[0] != ' ' && name[^1] != ' ' && !name.AsSpan().ContainsAnyExceptInRange(' ', '~')) return;
        ValidateSlowly(kind, name);
    }

    /// <summary>Checks a start key: 1 to 255 characters of any valid Unicode.</summary>
    /// <exception cref="InvalidOptionException">The key breaks the rule.</exception>
    public static void ValidateKey(string key)
    {
        if (Length(key) is 0 or > PerdureDefaults.MaxKeyLength)
            throw Invalid("key", key, $"it has {Text(Length(key))} characters, and 1 to {Text(PerdureDefaults.MaxKeyLength)} are allowed");
        if (!LoneSurrogates.IsWellFormed(key)) throw Invalid("key", key, LoneSurrogate);
    }

    /// <summary>Checks a run id that a caller chose: 1 to 200 characters, no control characters.</summary>
    /// <exception cref="InvalidOptionException">The id breaks the rule.</exception>
    public static void ValidateRunId(string id)
    {
        if (Length(id) is 0 or > PerdureDefaults.MaxRunIdLength)
            throw Invalid(
                "run id", id, $"it has {Text(Length(id))} characters, and 1 to {Text(PerdureDefaults.MaxRunIdLength)} are allowed");
        ValidateCharacters("run id", id);
    }

    /// <summary>The name of a workflow class that gives none: without <c>Workflow</c>, in kebab-case.</summary>
    public static string OfWorkflow(Type type) => KebabCase(type.Name, "Workflow");

    /// <summary>The name of an activity method that gives none: without <c>Async</c>, in kebab-case.</summary>
    public static string OfActivity(string method) => KebabCase(method, "Async");

    private const string LoneSurrogate = "it is not valid Unicode (half of a surrogate pair)";

    private static void ValidateSlowly(NameKind kind, string name)
    {
        string what = kind switch
        {
            NameKind.State => "published state",
            NameKind.SideEffect => "side effect",
            NameKind.DataKey => "data key",
            _ => kind.ToString().ToLowerInvariant(),
        } + (kind == NameKind.DataKey ? "" : " name");
        int length = Length(name);
        if (length == 0) throw Invalid(what, name, "it is empty");
        if (length > PerdureDefaults.MaxNameLength)
            throw Invalid(what, name, $"it has {Text(length)} characters, and at most {Text(PerdureDefaults.MaxNameLength)} are allowed");
        if (name[0] == '_') throw Invalid(what, name, "a leading underscore is reserved for the engine");
        if (char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1])) throw Invalid(what, name, "it begins or ends with a space");
        ValidateCharacters(what, name);
    }

    private static void ValidateCharacters(string what, string text)
    {
        foreach (char c in text)
        {
            if (char.IsControl(c))
                throw Invalid(what, text, $"it contains the control character U+{((int)c).ToString("X4", CultureInfo.InvariantCulture)}");
        }
        if (!LoneSurrogates.IsWellFormed(text)) throw Invalid(what, text, LoneSurrogate);
    }

    /// <summary>Characters as people and databases count them: a surrogate pair is one.</summary>
    private static int Length(string? text)
    {
        if (text is null) return 0;
        int length = text.Length;
        for (int i = 1; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text[i - 1], text[i])) length--;
        }
        return length;
    }

    private static string KebabCase(string name, string suffix)
    {
        int generic = name.IndexOf('`', StringComparison.Ordinal);
        if (generic >= 0) name = name[..generic];
        if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) name = name[..^suffix.Length];
        return JsonNamingPolicy.KebabCaseLower.ConvertName(name);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static InvalidOptionException Invalid(string what, string? text, string why) =>
        new(what, $"The {what} '{SafeText.Shorten(text, 80)}' is refused: {why}.", ErrorCodes.InvalidName);
}
