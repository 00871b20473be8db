using System.Globalization;

namespace Perdure.Bench.Command;

/// <summary>
/// A command line: one verb, then <c>--name value</c> pairs or bare <c>--name</c> switches. What nobody asked for is an error.
/// </summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string?> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public Arguments(IReadOnlyList<string> args, string defaultVerb)
    {
        Verb = args.Count > 0 && !args[0].StartsWith('-') ? args[0] : defaultVerb;
        for (var i = args.Count > 0 && args[0] == Verb ? 1 : 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal)) throw new UsageException($"'{args[i]}' is not an option.");
            var hasValue = i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
            if (!_values.TryAdd(args[i][2..], hasValue ? args[i + 1] : null)) throw new UsageException($"{args[i]} is given twice.");
            if (hasValue) i++;
        }
    }

    public string Verb { get; }

    /// <summary>Whether a switch is given.</summary>
    public bool Has(string name)
    {
        _asked.Add(name);
        if (!_values.TryGetValue(name, out var value)) return false;
        return value is null ? true : throw new UsageException($"--{name} takes no value, not '{value}'.");
    }

    public string Text(string name, string otherwise)
    {
        _asked.Add(name);
        if (!_values.TryGetValue(name, out var value)) return otherwise;
        return value ?? throw new UsageException($"--{name} needs a value.");
    }

    /// <summary>
    /// A whole number of at least <paramref name="least"/>. Given without a value it is <paramref name="bare"/>, if that is allowed.
    /// </summary>
    public int Number(string name, int otherwise, int least = 1, int? bare = null)
    {
        _asked.Add(name);
        if (!_values.TryGetValue(name, out var value)) return otherwise;
        if (value is null && bare is { } number) return number;
        return int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out number) && number >= least
            ? number
            : throw new UsageException($"--{name} is a whole number from {least}, not '{value}'.");
    }

    /// <summary>Throws when an option was given that nothing has read.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in _values.Keys)
        {
            if (!_asked.Contains(name))
                throw new UsageException($"'{Verb}' has no option --{name}. It has: --{string.Join(", --", _asked)}.");
        }
    }
}
