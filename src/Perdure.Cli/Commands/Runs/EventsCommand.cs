using System.CommandLine;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure events 0198f2</c></summary>
internal sealed class EventsCommand : RunCommand
{
    private readonly Option<int> _from = new("--from") { Description = "The first sequence number; default: 0.", HelpName = "n" };

    public EventsCommand() : base("events", "Writes a run's history.")
    {
        Aliases.Add("history");
        Add(_from);
    }

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var events = await run.GetHistoryAsync(given.GetValue(_from), cancellationToken: stop);
        if (screen.IsText) Show(events, screen);
        else screen.Json(events, CliJson.Readable.IReadOnlyListHistoryEvent, CliJson.Readable.HistoryEvent);
        return ExitCode.Done;
    }

    private static void Show(IReadOnlyList<HistoryEvent> events, Screen screen)
    {
        var table = Cells.Table("#", "Time", "Event", "Name", "Attempt", "Due", "Data");
        foreach (var e in events)
        {
            table.AddRow(Cells.Cell(Cells.Of(e.Sequence)), Cells.Cell(Cells.Of(e.Timestamp)), Cells.Cell(e.WireName), Cells.Cell(Plain.Text(e.Name)),
                Cells.Cell(e.Attempt == 0 ? "" : Cells.Of(e.Attempt)), Cells.Cell(Cells.Of(e.Due)), Cells.Cell(Plain.Short(Cells.Of(e.Data), 80)));
        }
        screen.Show(table);
    }
}
