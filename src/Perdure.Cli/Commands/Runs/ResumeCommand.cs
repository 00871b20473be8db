using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure resume 0198f2</c></summary>
internal sealed class ResumeCommand() : RunCommand("resume", "Lets a blocked run try to go on.")
{
    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop) =>
        await run.ResumeAsync(stop) ? Tell(screen, run, "Resumed") : Tell(screen, run, "is not blocked", ExitCode.NotAllowed);
}
