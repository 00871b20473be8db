using System.Globalization;

namespace Perdure.Sqlite;

/// <summary>
/// Reads <c>"Data Source=orders.db;Synchronous=Normal"</c>. What it does not know is an error, so that no setting is silently ignored.
/// </summary>
internal static class ConnectionString
{
    private static readonly string[] Keywords = ["Data Source", "Synchronous", "Busy Timeout", "Read Connections"];

    public static void Apply(string text, SqliteStoreOptions options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        if (!text.Contains('=', StringComparison.Ordinal))
        {
            options.Path = text.Trim();
            return;
        }

        var part = 0;
        foreach (var pair in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            part++;
            // What stands there may be the rest of a password, so it is not shown.
            if (at < 0) throw new ArgumentException($"Part {part} of the connection string is not of the form keyword=value.");
            Set(pair[..at].Trim(), Unquote(pair[(at + 1)..].Trim()), options);
        }
        if (options.Path.Length == 0) throw new ArgumentException("The connection string names no file; add \"Data Source=orders.db\".");
    }

    private static void Set(string keyword, string value, SqliteStoreOptions options)
    {
        switch (keyword.Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant())
        {
            case "DATASOURCE" or "FILENAME": options.Path = value; break;
            case "SYNCHRONOUS":
                var isName = !char.IsAsciiDigit(value.FirstOrDefault());
                options.Synchronous = isName && Enum.TryParse<SqliteSynchronous>(value, ignoreCase: true, out var level)
                    ? level
                    : throw Unreadable(keyword, value, "Full or Normal");
                break;
            case "BUSYTIMEOUT" or "DEFAULTTIMEOUT":
                options.BusyTimeout = double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
                    ? TimeSpan.FromSeconds(seconds)
                    : throw Unreadable(keyword, value, "a number of seconds");
                break;
            case "READCONNECTIONS":
                options.ReadConnections = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                    ? count
                    : throw Unreadable(keyword, value, "a whole number");
                break;
            default:
                throw new ArgumentException(
                    $"The connection string has the unknown keyword \"{keyword}\"; the nearest known one is \"{Nearest(keyword)}\". " +
                    $"Known: {string.Join(", ", Keywords)}.");
        }
    }

    private static ArgumentException Unreadable(string keyword, string value, string expected) =>
        new($"\"{keyword}={value}\" in the connection string cannot be read; expected {expected}.");

    private static string Unquote(string value) =>
        value.Length >= 2 && value[0] is '"' or '\'' && value[^1] == value[0] ? value[1..^1] : value;

    private static string Nearest(string keyword)
    {
        var best = Keywords[0];
        var least = int.MaxValue;
        foreach (var known in Keywords)
        {
            var distance = Distance(keyword.ToUpperInvariant(), known.ToUpperInvariant());
            if (distance >= least) continue;
            (best, least) = (known, distance);
        }
        return best;
    }

    /// <summary>How many letters must be inserted, removed or replaced to turn one text into the other.</summary>
    private static int Distance(string a, string b)
    {
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
