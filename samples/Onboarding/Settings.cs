using System.Globalization;

namespace Perdure.Samples.Onboarding;

/// <summary>What the command line says.</summary>
/// <param name="Command">What to do.</param>
/// <param name="Database">The database file; an existing one is continued.</param>
/// <param name="User">Who has signed up.</param>
/// <param name="Clicked">Whether the user has clicked the link in the mail when the program looks.</param>
/// <param name="Compress">How many times faster time goes.</param>
internal sealed record Settings(Command Command, string Database, int User, bool Clicked, int Compress)
{
    public const string Usage = """
        Usage: Onboarding [--db FILE] [--user N] [--compress N] [--clicked true|false]
               Onboarding signal [--db FILE] [--user N] [--compress N]
               Onboarding click --db FILE [--user N]

          --db FILE              database file; an existing one is continued      (default: a new file in the temporary folder)
          --user N               the user's number, 1 to 1000000                  (default: 7)
          --compress N           an hour takes 1/N of an hour, 1 to 1000000       (default: 3600, an hour is a second)
          --clicked true|false   whether the user has clicked when it is checked  (default: true)
        """;

    /// <exception cref="FormatException">A command or an option is not known, or its value cannot be used.</exception>
    public static Settings Parse(string[] args)
    {
        var command = args switch
        {
            ["signal", ..] => Command.Signal,
            ["click", ..] => Command.Click,
            [var first, ..] when !first.StartsWith('-') => throw new FormatException($"There is no command '{first}'."),
            _ => Command.Look,
        };
        var settings = new Settings(command, Database: "", User: 7, Clicked: true, Compress: 3600);
        for (var i = command == Command.Look ? 0 : 1; i < args.Length; i += 2)
        {
            var option = args[i];
            var value = i + 1 < args.Length ? args[i + 1] : null;
            settings = (option, command) switch
            {
                ("--db", _) => settings with { Database = Text(option, value) },
                ("--user", _) => settings with { User = Whole(option, value) },
                ("--compress", Command.Look or Command.Signal) => settings with { Compress = Whole(option, value) },
                ("--clicked", Command.Look) => settings with { Clicked = YesOrNo(option, value) },
                (_, Command.Look) => throw new FormatException($"There is no option '{option}'."),
                _ => throw new FormatException($"There is no option '{option}' of '{args[0]}'."),
            };
        }
        if (settings.Database.Length > 0) return settings;
        if (command == Command.Click) throw new FormatException("Which database is the run in? Give --db FILE.");
        return settings with { Database = Path.Combine(Path.GetTempPath(), $"perdure-onboarding-{Guid.NewGuid():N}.db") };
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
