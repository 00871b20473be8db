using System.Globalization;

namespace Perdure.Samples.Onboarding;

/// <summary>What the command line says.</summary>
/// <param name="Database">The database file; an existing one is continued.</param>
/// <param name="User">Who has signed up.</param>
/// <param name="Clicked">Whether the user has clicked the link in the mail when the program looks.</param>
/// <param name="Compress">How many times faster time goes.</param>
internal sealed record Settings(string Database, int User, bool Clicked, int Compress)
{
    public const string Usage = """
        Usage: Onboarding [--db FILE] [--user N] [--clicked true|false] [--compress N]

          --db FILE              database file; an existing one is continued      (default: a new file in the temporary folder)
          --user N               the user's number, 1 to 1000000                  (default: 7)
          --clicked true|false   whether the user has clicked when it is checked  (default: true)
          --compress N           an hour takes 1/N of an hour, 1 to 1000000       (default: 3600, an hour is a second)
        """;

    /// <exception cref="FormatException">An option is not known, or its value cannot be used.</exception>
    public static Settings Parse(string[] args)
    {
        var settings = new Settings(Database: "", User: 7, Clicked: true, Compress: 3600);
        for (var i = 0; i < args.Length; i += 2)
        {
            var option = args[i];
            var value = i + 1 < args.Length ? args[i + 1] : null;
            settings = option switch
            {
                "--db" => settings with { Database = Text(option, value) },
                "--user" => settings with { User = Whole(option, value) },
                "--clicked" => settings with { Clicked = YesOrNo(option, value) },
                "--compress" => settings with { Compress = Whole(option, value) },
                _ => throw new FormatException($"There is no option '{option}'."),
            };
        }
        return settings.Database.Length > 0 ? settings : settings with { Database = Path.Combine(Path.GetTempPath(), $"perdure-onboarding-{Guid.NewGuid():N}.db") };
    }

    private static string Text(string option, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw new FormatException($"{option} needs a file name.") : value;

    private static int Whole(string option, string? value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1_000_000
            ? number
            : throw new FormatException($"{option} needs a whole number from 1 to 1000000, not '{value}'.");

    private static bool YesOrNo(string option, string? value) =>
        bool.TryParse(value, out var yes) ? yes : throw new FormatException($"{option} needs true or false, not '{value}'.");
}
