namespace Perdure.PostgreSql.Access;

/// <summary>The one identifier that a user chooses. Everything else that a user names is a value.</summary>
internal static class SchemaName
{
    private const int MaxLength = 41;

    public static bool IsValid(string name)
    {
        if (name.Length is 0 or > MaxLength || char.IsAsciiDigit(name[0])) return false;
        foreach (var c in name)
        {
            if (c != '_' && !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c)) return false;
        }
        return true;
    }

    public static string Quote(string name) => IsValid(name) ? $"\"{name}\"" : throw new ArgumentException($"\"{name}\" is no name for a schema.");
}
