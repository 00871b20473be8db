using System.Globalization;
using Microsoft.Extensions.Configuration;
using Perdure.Authoring;

namespace Perdure.Hosting;

/// <summary>Reads <see cref="PerdureOptions"/> from the configuration section <c>Perdure</c> and from <c>PERDURE_…</c> variables. What it does not know is an error.</summary>
internal static class ConfigurationReader
{
    public const string SectionName = "Perdure";
    private const string EnginesKey = "Engines";
    private const string VariablePrefix = "PERDURE_";
    private const string QueuesKey = nameof(PerdureOptions.Queues);
    private const string RunsKey = nameof(PerdureOptions.RunsPerQueue);
    private const string BuildsKey = nameof(PerdureOptions.TakesOverBuilds);
    private const string RetryKey = nameof(PerdureOptions.DefaultRetry);
    private const string RetentionKey = nameof(PerdureOptions.Retention);

    private static readonly Dictionary<string, Action<PerdureOptions, string, string>> Values = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(PerdureOptions.Runtime)] = static (o, key, text) => o.Runtime = Enum.TryParse<PerdureRuntime>(text, ignoreCase: true, out var runtime) && Enum.IsDefined(runtime)
            ? runtime : throw Unreadable(key, text, "InProcess, Manual or Pump"),
        [nameof(PerdureOptions.DefaultDurable)] = static (o, key, text) => o.DefaultDurable = YesOrNo(key, text),
        [nameof(PerdureOptions.Lease)] = static (o, key, text) => o.Lease = Duration(key, text),
        [nameof(PerdureOptions.PollInterval)] = static (o, key, text) => o.PollInterval = Duration(key, text),
        [nameof(PerdureOptions.KeepWarm)] = static (o, key, text) => o.KeepWarm = Duration(key, text),
        [nameof(PerdureOptions.ShutdownGrace)] = static (o, key, text) => o.ShutdownGrace = Duration(key, text),
        [nameof(PerdureOptions.StoreTimeout)] = static (o, key, text) => o.StoreTimeout = Duration(key, text),
        [nameof(PerdureOptions.ClaimBatch)] = static (o, key, text) => o.ClaimBatch = Whole(key, text),
        [nameof(PerdureOptions.MaxResidentRuns)] = static (o, key, text) => o.MaxResidentRuns = Whole(key, text),
        [nameof(PerdureOptions.MaxConcurrentSteps)] = static (o, key, text) => o.MaxConcurrentSteps = Whole(key, text),
        [nameof(PerdureOptions.HistoryLimit)] = static (o, key, text) => o.HistoryLimit = Whole(key, text),
        [nameof(PerdureOptions.HistoryWarning)] = static (o, key, text) => o.HistoryWarning = Whole(key, text),
        [nameof(PerdureOptions.HistoryWarningEvery)] = static (o, key, text) => o.HistoryWarningEvery = Whole(key, text),
        [nameof(PerdureOptions.StoreStackTraces)] = static (o, key, text) => o.StoreStackTraces = YesOrNo(key, text),
        [nameof(PerdureOptions.ResumeFittingRuns)] = static (o, key, text) => o.ResumeFittingRuns = YesOrNo(key, text),
        [nameof(PerdureOptions.AutoMigrate)] = static (o, key, text) => o.AutoMigrate = YesOrNo(key, text),
        [RetentionKey] = static (o, key, text) => o.Retention = RetentionReader.Preset(key, text),
        [nameof(PerdureOptions.HookUrl)] = static (o, _, text) => o.HookUrl = text,
        [nameof(PerdureOptions.HookSecret)] = static (o, _, text) => o.HookSecret = text,
        [nameof(PerdureOptions.BuildId)] = static (o, _, text) => o.BuildId = text,
        [BuildsKey] = static (o, _, text) => TakeOver(o, text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
        [nameof(PerdureOptions.WorkerName)] = static (o, _, text) => o.WorkerName = text,
    };

    private static readonly string[] Known = [.. Values.Keys.Append(QueuesKey).Append(RunsKey).Append(RetryKey).Order(StringComparer.Ordinal)];

    /// <param name="configuration">The application's configuration.</param>
    /// <param name="engine">Name of the engine, whose section is <c>Perdure:Engines:{name}</c>; null for the one without.</param>
    /// <param name="options">What is set.</param>
    /// <exception cref="InvalidOptionException">A key is not known, or a value cannot be read.</exception>
    public static void Read(IConfiguration configuration, string? engine, PerdureOptions options)
    {
        var section = configuration.GetSection(SectionName);
        if (engine is not null)
        {
            foreach (var entry in section.GetSection(EnginesKey).GetSection(engine).GetChildren()) Apply(options, entry);
            return;
        }
        foreach (var entry in section.GetChildren())
            if (!string.Equals(entry.Key, EnginesKey, StringComparison.OrdinalIgnoreCase)) Apply(options, entry);
        foreach (var entry in configuration.GetChildren()) ApplyVariable(options, entry);
    }

    private static void Apply(PerdureOptions options, IConfigurationSection entry)
    {
        if (string.Equals(entry.Key, QueuesKey, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var queue in entry.GetChildren()) options.Queues[queue.Key] = Whole(queue.Path, queue.Value ?? "");
            return;
        }
        if (string.Equals(entry.Key, RunsKey, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var queue in entry.GetChildren()) options.RunsPerQueue[queue.Key] = Whole(queue.Path, queue.Value ?? "");
            return;
        }
        if (string.Equals(entry.Key, RetentionKey, StringComparison.OrdinalIgnoreCase) && entry.Value is null)
        {
            foreach (var part in entry.GetChildren()) options.Retention = RetentionReader.Set(options.Retention ?? new RetentionPolicy(), part.Key, part.Path, part.Value ?? "");
            return;
        }
        if (string.Equals(entry.Key, BuildsKey, StringComparison.OrdinalIgnoreCase) && entry.Value is null)
        {
            TakeOver(options, entry.GetChildren().Select(static build => build.Value ?? ""));
            return;
        }
        if (string.Equals(entry.Key, RetryKey, StringComparison.OrdinalIgnoreCase))
        {
            options.DefaultRetry = RetryPolicy.FromOptions(entry.GetChildren().Select(static part => KeyValuePair.Create(part.Key, part.Value ?? "")));
            return;
        }
        if (!Values.TryGetValue(entry.Key, out var apply))
            throw new InvalidOptionException(entry.Path, $"The configuration key '{SafeText.Shorten(entry.Path, 200)}' is not known: {NearestName.Hint(entry.Key, Known)}");
        apply(options, entry.Path, entry.Value ?? throw Unreadable(entry.Path, "nothing", "one value"));
    }

    /// <summary>A variable whose name is near none of ours belongs to somebody else.</summary>
    private static void ApplyVariable(PerdureOptions options, IConfigurationSection entry)
    {
        if (!entry.Key.StartsWith(VariablePrefix, StringComparison.OrdinalIgnoreCase) || entry.Value is not { } value) return;
        var name = entry.Key[VariablePrefix.Length..].Replace("_", "", StringComparison.Ordinal);
        if (Values.TryGetValue(name, out var apply)) apply(options, entry.Key, value);
        else if (NearestName.Find(name, Known) is { } nearest)
            throw new InvalidOptionException(entry.Key, $"The environment variable '{SafeText.Shorten(entry.Key, 200)}' is not known: did you mean the option '{nearest}'?");
    }

    private static void TakeOver(PerdureOptions options, IEnumerable<string> builds)
    {
        foreach (var build in builds) options.TakesOverBuilds.Add(build);
    }

    internal static TimeSpan Duration(string key, string text) =>
        Durations.TryParse(text, out var duration) || TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration)
            ? duration
            : throw Unreadable(key, text, "a duration like 10s, 1h30m or 00:00:10");

    internal static int Whole(string key, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw Unreadable(key, text, "a whole number");

    private static bool YesOrNo(string key, string text) => bool.TryParse(text, out var value) ? value : throw Unreadable(key, text, "true or false");

    internal static InvalidOptionException Unreadable(string key, string text, string expected) =>
        new(key, $"The configuration value of '{SafeText.Shorten(key, 200)}' is {expected}, not '{SafeText.Shorten(text, 80)}'.");
}
