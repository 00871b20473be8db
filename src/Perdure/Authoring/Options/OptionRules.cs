using System.Globalization;
using System.Text;

namespace Perdure.Authoring;

/// <summary>Checks that several option types share. Each error names the knob to turn.</summary>
internal static class OptionRules
{
    public static void CheckDefined<TEnum>(string option, TEnum value) where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new InvalidOptionException(option, $"{option} has the value {value}, which means nothing.");
    }

    /// <summary>A number of losses that a run outlives is not negative.</summary>
    public static void CheckMaxCrashes(string option, int? losses)
    {
        if (losses is < 0) throw new InvalidOptionException(option, "MaxCrashes is 0 or more.");
    }

    /// <summary>A time limit is positive and at most 10 years, or infinite, which switches it off.</summary>
    public static void CheckLimit(string option, TimeSpan? limit)
    {
        if (limit is not { } value || value == Timeout.InfiniteTimeSpan) return;
        if (value <= TimeSpan.Zero || value > PerdureDefaults.MaxSleep)
            throw new InvalidOptionException(option, $"{option} is more than 0 and at most 10 years, not {Durations.Format(value)}.");
    }

    /// <summary>A start key belongs to its run for 1 s to 10 years.</summary>
    public static void CheckKeyTtl(string option, TimeSpan? ttl, string? key)
    {
        if (ttl is not { } value) return;
        if (key is null) throw new InvalidOptionException(option, $"{option} is the lifetime of a start key, and the start has none. Set Key, or leave {option} out.");
        if (value < TimeSpan.FromSeconds(1) || value > PerdureDefaults.MaxSleep)
            throw new InvalidOptionException(option, $"{option} is 1 s to 10 years, not {Durations.Format(value)}.");
    }

    public static void CheckPriority(string option, int? priority)
    {
        if (priority is < PerdureDefaults.MinPriority or > PerdureDefaults.MaxPriority)
            throw Invalid(option, $"{option} is {PerdureDefaults.MinPriority} to {PerdureDefaults.MaxPriority}, not {priority}.");
    }

    public static void CheckText(string option, string text, int limit)
    {
        if (text.Length == 0 || text.Length > limit)
            throw Invalid(option, $"{option} has 1 to {limit} characters, not {text.Length}.");
        CheckUnicode(option, text);
    }

    public static void CheckBuild(string option, string build)
    {
        CheckText(option, build, PerdureDefaults.MaxNameLength);
        foreach (var letter in build)
            if (char.IsControl(letter)) throw Invalid(option, $"{option} has no control characters; '{SafeText.Shorten(build, 100)}' has.");
    }

    public static void CheckTags(string option, IReadOnlyDictionary<string, string>? tags)
    {
        if (tags is null) return;
        if (tags.Count > PerdureDefaults.MaxTags)
            throw Invalid(option, $"{option} has {tags.Count} entries; a run has at most {PerdureDefaults.MaxTags}.");
        foreach ((string name, string value) in tags)
        {
            Names.Validate(NameKind.Tag, name);
            CheckText(option, name, PerdureDefaults.MaxTagNameLength);
            if (value is null || value.Length > PerdureDefaults.MaxTagValueLength)
                throw Invalid(option, $"The value of the tag '{name}' has at most {PerdureDefaults.MaxTagValueLength} characters, and is not null.");
            CheckUnicode(option, value);
        }
    }

    public static void CheckMetadata(string option, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null) return;
        long bytes = 0;
        foreach ((string name, string value) in metadata)
        {
            if (value is null) throw Invalid(option, $"The value of '{SafeText.Shorten(name, 80)}' in {option} is null.");
            CheckUnicode(option, name);
            CheckUnicode(option, value);
            bytes += Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(value);
        }
        if (bytes > PerdureDefaults.MaxMetadataBytes)
            throw new PayloadTooLargeException(option, bytes, PerdureDefaults.MaxMetadataBytes);
    }

    public static IReadOnlyDictionary<string, string>? MergeTags(
        IReadOnlyDictionary<string, string>? under, IReadOnlyDictionary<string, string>? over)
    {
        if (under is null or { Count: 0 }) return over;
        if (over is null or { Count: 0 }) return under;
        var merged = new Dictionary<string, string>(under, StringComparer.Ordinal);
        foreach ((string name, string value) in over) merged[name] = value;
        CheckTags("Tags", merged);
        return merged;
    }

    // Interpolated here, so that no culture gets into a message.
    private static InvalidOptionException Invalid(string option, FormattableString message) =>
        new(option, FormattableString.Invariant(message));

    private static void CheckUnicode(string option, string text)
    {
        if (!LoneSurrogates.IsWellFormed(text))
            throw new InvalidOptionException(option, $"{option} contains text that is not valid Unicode (half of a surrogate pair).");
    }
}
