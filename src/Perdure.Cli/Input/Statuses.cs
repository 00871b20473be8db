namespace Perdure.Cli.Input;

/// <summary>Statuses from the command line.</summary>
internal static class Statuses
{
    /// <param name="given">Names, each alone or several with commas; null for none.</param>
    /// <exception cref="UsageException">There is no such status.</exception>
    public static IReadOnlyList<RunStatus> Read(string[]? given)
    {
        var statuses = new List<RunStatus>();
        foreach (var names in given ?? [])
            foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) statuses.Add(One(name));
        return statuses;
    }

    // A number would be read as a status too, also one that there is not.
    private static RunStatus One(string name) => char.IsAsciiLetter(name[0]) && Enum.TryParse<RunStatus>(name, ignoreCase: true, out var status)
        ? status
        : throw new UsageException($"There is no status '{name}'. Known: {string.Join(", ", Enum.GetNames<RunStatus>())}.");
}
