using System.CommandLine;

namespace Perdure.Cli.Commands.Queues;

/// <summary><c>perdure queues pause mail</c></summary>
internal sealed class PauseQueueCommand() : QueueCommand("pause", "Lets no worker take anything from a queue.")
{
    protected override Task<QueueInfo> ChangeAsync(ParseResult given, string name, IQueueClient queues, CancellationToken stop) => queues.PauseAsync(name, stop);
}
