using System.CommandLine;

namespace Perdure.Cli.Input;

/// <summary>The options that say which runs are meant.</summary>
internal sealed class RunFilters
{
    private readonly Option<string?> _workflow = new("--workflow") { Description = "Only runs of this workflow.", HelpName = "name" };
    private readonly Option<string[]> _status = new("--status") { Description = "Only runs of this status; may be given several times, or as Failed,Blocked.", HelpName = "status" };
    private readonly Option<string?> _queue = new("--queue") { Description = "Only runs of this queue.", HelpName = "name" };
    private readonly Option<string[]> _tags = new("--tag") { Description = "Only runs with this tag, name or name=value; may be given several times.", HelpName = "tag" };
    private readonly Option<string?> _since = new("--since") { Description = "Created at this instant or later, or no longer ago than this (1d).", HelpName = "when" };
    private readonly Option<string?> _until = new("--until") { Description = "Created before this instant, or longer ago than this.", HelpName = "when" };
    private readonly Option<string?> _updatedSince = new("--updated-since") { Description = "Last changed at this instant or later.", HelpName = "when" };
    private readonly Option<string?> _updatedUntil = new("--updated-until") { Description = "Last changed before this instant.", HelpName = "when" };
    private readonly Option<string?> _closedSince = new("--closed-since") { Description = "Ended at this instant or later.", HelpName = "when" };
    private readonly Option<string?> _closedUntil = new("--closed-until") { Description = "Ended before this instant.", HelpName = "when" };
    private readonly Option<string?> _blockedReason = new("--blocked-reason") { Description = "Only runs that are blocked for this reason (NonDeterminism).", HelpName = "reason" };
    private readonly Option<string?> _text = new("--text") { Description = "Only runs with this in their workflow's name, their id or their key.", HelpName = "text" };
    private readonly Option<string?> _parent = new("--parent") { Description = "Only children of this run.", HelpName = "id" };
    private readonly Option<string?> _root = new("--root") { Description = "Only runs below this one, at any depth.", HelpName = "id" };
    private readonly Option<bool> _topLevel = new("--top-level") { Description = "Only runs that are nobody's child." };

    public void AddTo(Command command)
    {
        foreach (var option in All) command.Add(option);
    }

    /// <summary>Whether any of them stands on the command line.</summary>
    public bool AreGiven(ParseResult given) => All.Any(option => given.GetResult(option) is { Implicit: false });

    public RunFilter Read(ParseResult given) => new()
    {
        Workflow = given.GetValue(_workflow), Statuses = Statuses.Read(given.GetValue(_status)), Queue = given.GetValue(_queue), Tags = Tags.ReadFilter(given.GetValue(_tags)),
        CreatedFrom = Moment(given, _since), CreatedTo = Moment(given, _until), UpdatedFrom = Moment(given, _updatedSince), UpdatedTo = Moment(given, _updatedUntil),
        ClosedFrom = Moment(given, _closedSince), ClosedTo = Moment(given, _closedUntil), BlockedReason = given.GetValue(_blockedReason), Text = given.GetValue(_text),
        Parent = given.GetValue(_parent), Root = given.GetValue(_root), TopLevelOnly = given.GetValue(_topLevel),
    };

    private static DateTimeOffset? Moment(ParseResult given, Option<string?> option) => Moments.Read(given.GetValue(option), option.Name, direction: -1);

    private IEnumerable<Option> All =>
    [
        _workflow, _status, _queue, _tags, _since, _until, _updatedSince, _updatedUntil, _closedSince, _closedUntil, _blockedReason, _text, _parent, _root, _topLevel,
    ];
}
