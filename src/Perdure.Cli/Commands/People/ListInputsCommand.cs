using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.People;

/// <summary><c>perdure inputs list --assignee ann</c></summary>
internal sealed class ListInputsCommand : ClientCommand
{
    private readonly Option<string?> _run = new("--run") { Description = "Only of this run.", HelpName = "id" };
    private readonly Option<string?> _assignee = new("--assignee") { Description = "Only meant for this person.", HelpName = "name" };
    private readonly Option<string?> _expiring = new("--expiring-in") { Description = "Only those whose time is up within this time (1h).", HelpName = "duration" };
    private readonly Option<bool> _all = new("--all") { Description = "Also those that were answered, or whose time is up." };
    private readonly Option<int?> _limit = new("--limit") { Description = "How many; default: 50.", HelpName = "n" };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "Where to go on: next of the page before.", HelpName = "next" };

    public ListInputsCommand() : base("list", "Lists the questions that wait for people, those first whose time is up first.")
    {
        foreach (Option option in new Option[] { _run, _assignee, _expiring, _all, _limit, _cursor }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var page = await client.ListInputsAsync(new InputFilter
        {
            Status = given.GetValue(_all) ? null : InputStatus.Pending, RunId = given.GetValue(_run), Assignee = given.GetValue(_assignee),
            ExpiringWithin = Moments.Duration(given.GetValue(_expiring), "--expiring-in"), Limit = given.GetValue(_limit) ?? PerdureDefaults.ListLimit, After = given.GetValue(_cursor),
        }, stop);
        if (screen.IsOneLine) screen.Json(page.Inputs, CliJson.Readable.IReadOnlyListInputInfo, CliJson.Readable.InputInfo);
        else if (!screen.IsText) screen.Json(page, CliJson.Readable.InputList);
        else Show(page, screen);
        return ExitCode.Done;
    }

    private static void Show(InputList page, Screen screen)
    {
        var table = Cells.Table("Run", "Name", "Kind", "Status", "Until", "For", "Question");
        foreach (var input in page.Inputs)
        {
            table.AddRow(Cells.Cell(Plain.Text(input.RunId)), Cells.Cell(Plain.Text(input.Name)), Cells.Cell(KindOf(input)), Cells.Cell(input.Status.ToString()),
                Cells.Cell(Cells.Of(input.ExpiresAt)), Cells.Cell(Plain.Text(input.Assignee ?? "")), Cells.Cell(Plain.Short(input.Prompt, 80)));
        }
        screen.Show(table);
        if (page.Next is { } next) Screen.Say($"There are more: --cursor {next}");
    }

    /// <summary>What kind of answer is wanted, with what may be chosen or filled in.</summary>
    private static string KindOf(InputInfo input) => input.Kind switch
    {
        InputKind.Choice or InputKind.Choices => Plain.Short($"{input.Kind}: {string.Join(", ", input.Choices)}", 60),
        InputKind.Form => Plain.Short($"{input.Kind}: {string.Join(", ", input.Fields.Select(static field => field.Name))}", 60),
        _ => input.Kind.ToString(),
    };
}
