using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure list --status Failed --since 1d</c></summary>
internal sealed class ListCommand : ClientCommand
{
    private readonly RunFilters _filters = new();
    private readonly Option<int> _limit = new("--limit") { Description = "At most so many; default: 50.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.ListLimit };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "Where the page before ended.", HelpName = "cursor" };

    public ListCommand() : base("list", "Lists runs, newest first.")
    {
        _filters.AddTo(this);
        Add(_limit);
        Add(_cursor);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var page = await client.ListAsync(_filters.Read(given) with { Limit = given.GetValue(_limit), After = given.GetValue(_cursor) }, stop);
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
