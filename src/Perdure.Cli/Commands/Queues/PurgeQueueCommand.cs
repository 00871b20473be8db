using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Queues;

/// <summary><c>perdure queues purge mail --reason "sent by hand" --yes</c></summary>
internal sealed class PurgeQueueCommand : ClientCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The queue's name." };
    private readonly Option<string?> _reason = new("--reason") { Description = "For the histories of the runs.", HelpName = "text" };

    public PurgeQueueCommand() : base("purge", "Cancels the runs that wait on a queue and that nobody has begun, and withdraws the activities that wait on it; none of their code runs.")
    {
        Add(_name);
        Add(_reason);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var name = given.GetRequiredValue(_name);
        if (!Confirmation.Get(given, $"Cancel all runs and activities that wait on the queue {name}?")) return ExitCode.Failed;
        var purged = await client.Queues.PurgeAsync(name, given.GetValue(_reason), stop);
        if (screen.IsText) Screen.Line($"{Plain.Text(name)} purged, {Cells.Of(purged.Runs)} runs cancelled, {Cells.Of(purged.Activities)} activities withdrawn");
        else screen.Json(new QueuePurgeAnswer(name, purged.Runs, purged.Activities), CliJson.Readable.QueuePurgeAnswer);
        return ExitCode.Done;
    }
}
