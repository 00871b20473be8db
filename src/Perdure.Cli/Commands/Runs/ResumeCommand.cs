using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure resume 0198f2</c></summary>
internal sealed class ResumeCommand() : RunCommand("resume", "Lets a paused run go on, and a blocked one try to.")
{
    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop) =>
        await run.ResumeAsync(stop) ? Tell(screen, run, "Resumed") : Tell(screen, run, "is neither paused nor blocked", ExitCode.NotAllowed);
}
