using System.CommandLine;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Queues;

/// <summary><c>perdure queues list</c></summary>
internal sealed class ListQueuesCommand() : ClientCommand("list", "Lists the queues by name, with what waits on each and what holds it back.")
{
    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var queues = await client.Queues.ListAsync(stop);
        if (!screen.IsText)
        {
            screen.Json(queues, CliJson.Readable.IReadOnlyListQueueInfo, CliJson.Readable.QueueInfo);
            return ExitCode.Done;
        }
        var table = Cells.Table("Queue", "Waiting", "Active", "Oldest", "Limit", "Per key", "Ages");
        foreach (var queue in queues)
        {
            table.AddRow(Cells.Cell(Plain.Text(queue.Name)), Cells.Cell(Cells.Of(queue.WaitingRuns + queue.WaitingActivities)), Cells.Cell(Cells.Of(queue.ActiveRuns + queue.ActiveActivities)),
                Cells.Cell(Cells.Of(queue.OldestWaitingSince)), Cells.Cell(queue.IsPaused ? "paused" : QueueCommand.Limit(queue.MaxConcurrency)),
                Cells.Cell(QueueCommand.Limit(queue.MaxPerKey)), Cells.Cell(queue.AgeAfter is { } age ? QueueCommand.Age(age) : ""));
        }
        screen.Show(table);
        return ExitCode.Done;
    }
}
