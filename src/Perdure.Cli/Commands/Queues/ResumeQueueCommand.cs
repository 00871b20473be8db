using System.CommandLine;

namespace Perdure.Cli.Commands.Queues;

/// <summary><c>perdure queues resume mail</c></summary>
internal sealed class ResumeQueueCommand() : QueueCommand("resume", "Lets workers take from a paused queue again.")
{
    protected override Task<QueueInfo> ChangeAsync(ParseResult given, string name, IQueueClient queues, CancellationToken stop) => queues.ResumeAsync(name, stop);
}
