using System.CommandLine;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Workers;

/// <summary><c>perdure workers list</c></summary>
internal sealed class ListWorkersCommand() : ClientCommand("list", "Lists the workers that are alive by number, with what they serve and whether they are paused.")
{
    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var workers = await client.Workers.ListAsync(stop);
        if (!screen.IsText)
        {
            screen.Json(workers, CliJson.Readable.IReadOnlyListWorkerInfo, CliJson.Readable.WorkerInfo);
            return ExitCode.Done;
        }
        var table = Cells.Table("Worker", "Name", "Since", "Queues", "Runs", "Activities", "State");
        foreach (var worker in workers)
        {
            table.AddRow(Cells.Cell(Cells.Of(worker.Number)), Cells.Cell(Plain.Text(worker.Name)), Cells.Cell(Cells.Of(worker.RegisteredAt)),
                Cells.Cell(string.Join(", ", worker.Queues.Select(static queue => $"{Plain.Text(queue.Key)}={Cells.Of(queue.Value)}"))), Cells.Cell(Cells.Of(worker.ActiveRuns)),
                Cells.Cell(Cells.Of(worker.ActiveActivities)), Cells.Cell(OneWorkerCommand.State(worker)));
        }
        screen.Show(table);
        return ExitCode.Done;
    }
}
