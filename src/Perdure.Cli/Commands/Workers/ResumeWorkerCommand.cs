using System.CommandLine;

namespace Perdure.Cli.Commands.Workers;

/// <summary><c>perdure workers resume 7</c></summary>
internal sealed class ResumeWorkerCommand() : OneWorkerCommand("resume", "Lets a paused worker take work again.")
{
    protected override Task<WorkerInfo> ChangeAsync(ParseResult given, long number, IWorkerClient workers, CancellationToken stop) => workers.ResumeAsync(number, stop);
}
