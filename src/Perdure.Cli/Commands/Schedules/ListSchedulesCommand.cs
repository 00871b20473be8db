using System.CommandLine;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules list</c></summary>
internal sealed class ListSchedulesCommand() : ClientCommand("list", "Lists the schedules by name.")
{
    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var schedules = await client.Schedules.ListAsync(stop);
        if (!screen.IsText)
        {
            screen.Json(schedules, CliJson.Readable.IReadOnlyListScheduleInfo, CliJson.Readable.ScheduleInfo);
            return ExitCode.Done;
        }
        var table = Cells.Table("Schedule", "Times", "Workflow", "Next", "Last", "Started", "Skipped");
        foreach (var schedule in schedules)
        {
            table.AddRow(Cells.Cell(Plain.Text(schedule.Name)), Cells.Cell(schedule.Times.ToString()), Cells.Cell(Cells.Workflow(schedule.Workflow, schedule.Version)),
                Cells.Cell(schedule.IsPaused ? "paused" : Cells.Of(schedule.NextAt)), Cells.Cell(Cells.Of(schedule.LastAt)),
                Cells.Cell(Cells.Of(schedule.Started)), Cells.Cell(Cells.Of(schedule.Skipped)));
        }
        screen.Show(table);
        return ExitCode.Done;
    }
}
