using System.Globalization;
using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure;

/// <summary>Which runs to list. What is left out does not filter. Immutable.</summary>
public sealed record RunFilter
{
    /// <summary>Name of the workflow.</summary>
    /// <value>Default: any.</value>
    public string? Workflow { get; init; }

    /// <summary>Any of these statuses.</summary>
    /// <value>Default: empty, any status.</value>
    public IReadOnlyList<RunStatus> Statuses { get; init; } = [];

    /// <summary>The queue.</summary>
    /// <value>Default: any.</value>
    public string? Queue { get; init; }

    /// <summary>All of these tags; a null value asks only that the run has a tag of that name.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    /// <summary>Created at this instant or later.</summary>
    /// <value>Default: no bound.</value>
    public DateTimeOffset? CreatedFrom { get; init; }

    /// <summary>Created before this instant.</summary>
    /// <value>Default: no bound.</value>
    public DateTimeOffset? CreatedTo { get; init; }

    /// <summary>Last changed at this instant or later.</summary>
    /// <value>Default: no bound.</value>
    public DateTimeOffset? UpdatedFrom { get; init; }

    /// <summary>Last changed before this instant.</summary>
    /// <value>Default: no bound.</value>
    public DateTimeOffset? UpdatedTo { get; init; }

    /// <summary>Ended at this instant or later. A live run is in no such list.</summary>
    /// <value>Default: no bound.</value>
    public DateTimeOffset? ClosedFrom { get; init; }

    /// <summary>Ended before this instant. A live run is in no such list.</summary>
    /// <value>Default: no bound.</value>
    public DateTimeOffset? ClosedTo { get; init; }

    /// <summary>Blocked for this reason, as <see cref="RunInfo.BlockedReason"/> names it: <c>NonDeterminism</c>. Goes with no other status than <see cref="RunStatus.Blocked"/>.</summary>
    /// <value>Default: any.</value>
    public string? BlockedReason { get; init; }

    /// <summary>
    /// Contained in the workflow's name, the run's id or its key; 1 to 255 characters. The case of the letters A to Z does not count, all other characters stand for themselves. No index helps: it
    /// reads the runs that the other members leave, one by one.
    /// </summary>
    /// <value>Default: any.</value>
    public string? Text { get; init; }

    /// <summary>Id of a run: only its children.</summary>
    /// <value>Default: any.</value>
    public string? Parent { get; init; }

    /// <summary>Id of the run at the top of a tree: all runs below it, but not itself.</summary>
    /// <value>Default: any.</value>
    public string? Root { get; init; }

    /// <summary>Leaves out children. What a schedule has started is no child, nor is a run whose parent was deleted.</summary>
    /// <value>Default: false.</value>
    public bool TopLevelOnly { get; init; }

    /// <summary>How the id begins.</summary>
    /// <value>Default: any.</value>
    public string? IdPrefix { get; init; }

    /// <summary>Runs of a page, 1 to 1,000.</summary>
    /// <value>Default: 50.</value>
    public int Limit { get; init; } = PerdureDefaults.ListLimit;

    /// <summary>Where to go on: <see cref="RunList.Next"/> of the page before. Runs created meanwhile repeat or hide nothing.</summary>
    /// <value>Default: from the newest.</value>
    public string? After { get; init; }

    internal RunQuery ToQuery()
    {
        if (Limit is < 1 or > PerdureDefaults.MaxListLimit)
            throw new InvalidOptionException("RunFilter.Limit", string.Create(CultureInfo.InvariantCulture,
                $"RunFilter.Limit is 1 to {PerdureDefaults.MaxListLimit}, not {Limit}."));
        foreach (var status in Statuses) OptionRules.CheckDefined("RunFilter.Statuses", status);
        if (Text is not null && (Text.Length is 0 or > PerdureDefaults.MaxKeyLength || !LoneSurrogates.IsWellFormed(Text)))
            throw new InvalidOptionException("RunFilter.Text", string.Create(CultureInfo.InvariantCulture,
                $"RunFilter.Text has 1 to {PerdureDefaults.MaxKeyLength} characters of valid Unicode, not '{SafeText.Shorten(Text, 80)}'."));
        return new RunQuery
        {
            Workflow = Workflow, OmitsEngineRuns = Workflow is null, Statuses = BlockedReason is null ? Statuses : CheckBlocked(BlockedReason), Queue = Queue, Tags = Tags, IdPrefix = IdPrefix, Limit = Limit,
            Parent = Parent, Root = Root, TopLevelOnly = TopLevelOnly,
            CreatedFrom = CreatedFrom is { } from ? Instant.From(from) : Instant.Earliest,
            CreatedTo = CreatedTo is { } to ? Instant.From(to) : Instant.Never,
            UpdatedFrom = InstantOf(UpdatedFrom), UpdatedTo = InstantOf(UpdatedTo), ClosedFrom = InstantOf(ClosedFrom), ClosedTo = InstantOf(ClosedTo),
            WaitingPrefix = BlockedReason is null ? null : $$"""{"reason":"{{BlockedReason}}",""", Text = Text,
            After = After is null ? null : ReadCursor(After),
        };
    }

    /// <summary>The reason stands at the beginning of what a blocked run's row says.</summary>
    private RunStatus[] CheckBlocked(string reason)
    {
        if (reason.Length == 0 || !reason.All(char.IsAsciiLetterOrDigit))
            throw new InvalidOptionException("RunFilter.BlockedReason", $"RunFilter.BlockedReason is a name such as NonDeterminism, not '{SafeText.Shorten(reason, 80)}'.");
        if (Statuses.Count > 0 && !Statuses.Contains(RunStatus.Blocked))
            throw new InvalidOptionException("RunFilter.BlockedReason", "RunFilter.BlockedReason asks for blocked runs, and RunFilter.Statuses leaves those out.");
        return [RunStatus.Blocked];
    }

    private static Instant? InstantOf(DateTimeOffset? time) => time is { } at ? Instant.From(at) : null;

    internal static string? WriteCursor(RunCursor? cursor) =>
        cursor is null ? null : string.Create(CultureInfo.InvariantCulture, $"{cursor.CreatedAt.Micros}~{cursor.Id}");

    private static RunCursor ReadCursor(string text)
    {
        var split = text.IndexOf('~', StringComparison.Ordinal);
        return split > 0 && long.TryParse(text.AsSpan(0, split), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var micros)
            ? new RunCursor(new Instant(micros), text[(split + 1)..])
            : throw new InvalidOptionException("RunFilter.After", $"'{SafeText.Shorten(text, 80)}' is not what RunList.Next gave.");
    }
}
