using System.Globalization;

namespace Perdure.Authoring;

/// <summary>Reads a retry policy from options by name.</summary>
internal static class RetryOptionsReader
{
    private static readonly string[] Known =
        ["max_attempts", "max_retries", "backoff", "base", "max_backoff", "delays", "jitter", "non_retryable"];

    public static RetryPolicy Read(IEnumerable<KeyValuePair<string, string>> options)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, string value) in options)
        {
            if (Array.IndexOf(Known, name) < 0) throw Invalid(name, $"no such option; {NearestName.Hint(name, Known)}");
            if (!given.TryAdd(name, value)) throw Invalid(name, "it is given twice");
        }

        RetryPolicy policy = ReadBackoff(given);
        if (given.TryGetValue("max_attempts", out string? attempts))
        {
            int count = attempts == "unlimited" ? RetryPolicy.UnlimitedAttempts : Whole("max_attempts", attempts);
            policy = policy with { MaxAttempts = count };
        }
        if (given.TryGetValue("max_retries", out string? retries)) policy = policy with { MaxRetries = Whole("max_retries", retries) };
        if (given.TryGetValue("jitter", out string? jitter)) policy = policy with { Jitter = Number("jitter", jitter) };
        if (given.TryGetValue("non_retryable", out string? codes)) policy = policy with { NonRetryable = Split(codes) };
        policy.Validate();
        return policy;
    }

    private static RetryPolicy ReadBackoff(Dictionary<string, string> given)
    {
        string? backoff = given.GetValueOrDefault("backoff");
        string? @base = given.GetValueOrDefault("base");
        TimeSpan? max = given.TryGetValue("max_backoff", out string? text) ? Duration("max_backoff", text) : null;

        if (backoff != "list" && given.ContainsKey("delays")) throw Invalid("delays", "it goes with backoff: list only");
        if (backoff is "list" or null && @base is not null) throw Invalid("base", "it needs backoff: exponential, linear or constant");
        if (backoff is "list" or "constant" && max is not null)
            throw Invalid("max_backoff", $"the waits of backoff: {backoff} do not grow");

        return backoff switch
        {
            null => max is null ? RetryPolicy.Default : RetryPolicy.Default with { MaxDelay = max },
            "exponential" => RetryPolicy.Exponential(@base is null ? PerdureDefaults.RetryCoefficient : Number("base", @base), max),
            "linear" => RetryPolicy.Linear(Step(@base), max),
            "constant" => RetryPolicy.Constant(Step(@base)),
            "list" => RetryPolicy.List(Delays(given.GetValueOrDefault("delays"))),
            _ => throw Invalid("backoff", $"it is exponential, linear, constant or list, not '{SafeText.Shorten(backoff, 80)}'"),
        };
    }

    private static TimeSpan Step(string? @base) => @base is null ? PerdureDefaults.RetryInitialDelay : Duration("base", @base);

    private static TimeSpan[] Delays(string? text)
    {
        if (text is null) throw Invalid("delays", "backoff: list needs it");
        string[] parts = Split(text);
        return Array.ConvertAll(parts, part => Duration("delays", part));
    }

    private static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static TimeSpan Duration(string name, string text) => Durations.TryParse(text, out TimeSpan duration)
        ? duration
        : throw Invalid(name, $"'{SafeText.Shorten(text, 80)}' is no duration; write it like 30s or 1h30m");

    private static int Whole(string name, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        ? number
        : throw Invalid(name, $"'{SafeText.Shorten(text, 80)}' is no whole number");

    private static double Number(string name, string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw Invalid(name, $"'{SafeText.Shorten(text, 80)}' is no number");

    private static InvalidOptionException Invalid(string name, string why) =>
        new("retry." + SafeText.Shorten(name, 80), $"The retry option '{SafeText.Shorten(name, 80)}' is refused: {why}.");
}
