using System.CommandLine;
using System.Globalization;
using Perdure.Cli.Input;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.People;

/// <summary><c>perdure hooks list --expiring-in 1h</c></summary>
internal sealed class ListHooksCommand : ClientCommand
{
    private readonly Option<string?> _run = new("--run") { Description = "Only of this run.", HelpName = "id" };
    private readonly Option<HookStatus?> _status = new("--status") { Description = "Pending, Received, Expired or Disposed; default: any.", HelpName = "status" };
    private readonly Option<string?> _expiring = new("--expiring-in") { Description = "Only those that expire within this time (1h).", HelpName = "duration" };
    private readonly Option<int?> _limit = new("--limit") { Description = "How many; default: 50.", HelpName = "n" };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "Where to go on: next of the page before.", HelpName = "next" };

    public ListHooksCommand() : base("list", "Lists hooks, those first that expire first. Their tokens are nowhere to be read.")
    {
        foreach (Option option in new Option[] { _run, _status, _expiring, _limit, _cursor }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var page = await client.ListHooksAsync(new HookFilter
        {
            RunId = given.GetValue(_run), Status = given.GetValue(_status), ExpiringWithin = Moments.Duration(given.GetValue(_expiring), "--expiring-in"),
            Limit = given.GetValue(_limit) ?? PerdureDefaults.ListLimit, After = given.GetValue(_cursor),
        }, stop);
        if (screen.IsOneLine) screen.Json(page.Hooks, CliJson.Readable.IReadOnlyListHookInfo, CliJson.Readable.HookInfo);
        else if (!screen.IsText) screen.Json(page, CliJson.Readable.HookList);
        else Show(page, screen);
        return ExitCode.Done;
    }

    private static void Show(HookList page, Screen screen)
    {
        var table = Cells.Table("Run", "Name", "Status", "Answers", "Until");
        foreach (var hook in page.Hooks)
        {
            table.AddRow(Cells.Cell(Plain.Text(hook.RunId)), Cells.Cell(Plain.Text(hook.Name)), Cells.Cell(hook.Status.ToString()), Cells.Cell(Answers(hook)),
                Cells.Cell(Cells.Of(hook.ExpiresAt)));
        }
        screen.Show(table);
        if (page.Next is { } next) Screen.Say($"There are more: --cursor {next}");
    }

    /// <summary>How many answers a hook has got, of how many.</summary>
    public static string Answers(HookInfo hook) => string.Create(CultureInfo.InvariantCulture, $"{hook.Receipts} of {hook.MaxReceipts}");
}
