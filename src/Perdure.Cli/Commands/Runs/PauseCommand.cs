using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure pause 0198f2</c></summary>
internal sealed class PauseCommand() : RunCommand("pause", "Lets a run stand still as soon as its steps have finished.")
{
    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop) =>
        await run.PauseAsync(stop) ? Tell(screen, run, "Told to pause") : Tell(screen, run, "is paused or blocked already", ExitCode.NotAllowed);
}
