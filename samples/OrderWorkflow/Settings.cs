using System.Globalization;

namespace Perdure.Samples.Orders;

/// <summary>What the command line says.</summary>
/// <param name="Database">The database file; an existing one is continued.</param>
/// <param name="Orders">How many orders to process.</param>
/// <param name="FailureRate">How often a charge fails, 0 to 1.</param>
/// <param name="StepTime">How long each step takes.</param>
/// <param name="Effects">A file that gets one line for each step that ran; null for none.</param>
/// <param name="Seed">Decides which charges fail.</param>
internal sealed record Settings(string Database, int Orders, double FailureRate, TimeSpan StepTime, string? Effects, int Seed)
{
    public const string Usage = """
        Usage: OrderWorkflow [--db FILE] [--orders N] [--failure-rate X] [--step-ms N] [--effects FILE] [--seed N]

          --db FILE          database file; an existing one is continued   (default: a new file in the temporary folder)
          --orders N         orders to process, 1 to 100000                (default: 3)
          --failure-rate X   how often a charge fails, 0 to 1              (default: 0.3)
          --step-ms N        milliseconds that each step takes             (default: 50)
          --effects FILE     append one line "order step attempt" for each step that ran
          --seed N           decides which charges fail                    (default: 42)
        """;

    /// <exception cref="FormatException">An option is not known, or its value cannot be used.</exception>
    public static Settings Parse(string[] args)
    {
        var settings = new Settings(Database: "", Orders: 3, FailureRate: 0.3, StepTime: TimeSpan.FromMilliseconds(50), Effects: null, Seed: 42);
        for (var i = 0; i < args.Length; i += 2)
        {
            var option = args[i];
            var value = i + 1 < args.Length ? args[i + 1] : null;
            settings = option switch
            {
                "--db" => settings with { Database = Text(option, value) },
                "--orders" => settings with { Orders = Whole(option, value, 1, 100_000) },
                "--failure-rate" => settings with { FailureRate = Rate(option, value) },
                "--step-ms" => settings with { StepTime = TimeSpan.FromMilliseconds(Whole(option, value, 0, 60_000)) },
                "--effects" => settings with { Effects = Text(option, value) },
                "--seed" => settings with { Seed = Whole(option, value, int.MinValue, int.MaxValue) },
                _ => throw new FormatException($"There is no option '{option}'."),
            };
        }
        return settings.Database.Length > 0 ? settings : settings with { Database = Path.Combine(Path.GetTempPath(), $"perdure-orders-{Guid.NewGuid():N}.db") };
    }

    private static string Text(string option, string? value) =>
        string.IsNullOrWhiteSpace(value) ? throw new FormatException($"{option} needs a file name.") : value;

    private static int Whole(string option, string? value, int least, int most) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"{option} needs a whole number from {least} to {most}, not '{value}'.");

    private static double Rate(string option, string? value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0 and <= 1
            ? rate
            : throw new FormatException($"{option} needs a number from 0 to 1, not '{value}'.");
}
