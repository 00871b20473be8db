using System.Globalization;

namespace Perdure.Simulation;

/// <summary>Options of a command, as <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Reads options; a name that is not <paramref name="known"/> ends the program, so that none is ignored.</summary>
    public static Arguments Read(ReadOnlySpan<string> args, params ReadOnlySpan<string> known)
    {
        var read = new Arguments();
        for (var i = 0; i < args.Length; i += 2)
        {
            var name = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i][2..] : "";
            if (!known.Contains(name) || i + 1 == args.Length)
            {
                Console.Error.WriteLine($"\"{args[i]}\" is no option with a value. Known are --{string.Join(", --", known.ToArray())}.");
                Environment.Exit(2);
            }
            read._values[name] = args[i + 1];
        }
        return read;
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public long Number(string name, long otherwise) => Text(name) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
