using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure list --status Failed --since 1d</c></summary>
internal sealed class ListCommand : ClientCommand
{
    private readonly Option<string?> _workflow = new("--workflow") { Description = "Only runs of this workflow.", HelpName = "name" };
    private readonly Option<string[]> _status = new("--status") { Description = "Only runs of this status; may be given several times, or as Failed,Blocked.", HelpName = "status" };
    private readonly Option<string?> _queue = new("--queue") { Description = "Only runs of this queue.", HelpName = "name" };
    private readonly Option<string[]> _tags = new("--tag") { Description = "Only runs with this tag, name or name=value; may be given several times.", HelpName = "tag" };
    private readonly Option<string?> _since = new("--since") { Description = "Created at this instant or later, or no longer ago than this (1d).", HelpName = "when" };
    private readonly Option<string?> _until = new("--until") { Description = "Created before this instant, or longer ago than this.", HelpName = "when" };
    private readonly Option<int> _limit = new("--limit") { Description = "At most so many; default: 50.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.ListLimit };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "Where the page before ended.", HelpName = "cursor" };

    public ListCommand() : base("list", "Lists runs, newest first.")
    {
        foreach (Option option in new Option[] { _workflow, _status, _queue, _tags, _since, _until, _limit, _cursor }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var page = await client.ListAsync(new RunFilter
        {
            Workflow = given.GetValue(_workflow), Statuses = Statuses.Read(given.GetValue(_status)), Queue = given.GetValue(_queue),
            Tags = Tags.ReadFilter(given.GetValue(_tags)), CreatedFrom = Moments.Read(given.GetValue(_since), "--since", direction: -1),
            CreatedTo = Moments.Read(given.GetValue(_until), "--until", direction: -1), Limit = given.GetValue(_limit), After = given.GetValue(_cursor),
        }, stop);

        if (screen.IsText) Show(page, screen);
        else if (screen.IsOneLine) foreach (var run in page.Runs) screen.Json(run, CliJson.Readable.RunSummary);
        else screen.Json(page, CliJson.Readable.RunList);
        if (page.Next is { } next && (screen.IsText || screen.IsOneLine)) Screen.Say($"There are more: --cursor {next}");
        return ExitCode.Done;
    }

    private static void Show(RunList page, Screen screen)
    {
        var table = Cells.Table("Run", "Workflow", "Status", "Created", "Ended", "Due");
        foreach (var run in page.Runs)
        {
            table.AddRow(Cells.Cell(Plain.Text(run.Id)), Cells.Cell(Cells.Workflow(run.Workflow, run.Version)), Cells.Status(run.Status),
                Cells.Cell(Cells.Of(run.CreatedAt)), Cells.Cell(Cells.Of(run.ClosedAt)), Cells.Cell(Cells.Of(run.DueAt)));
        }
        screen.Show(table);
    }
}
