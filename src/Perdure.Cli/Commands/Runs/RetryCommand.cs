using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure retry 0198f2</c></summary>
internal sealed class RetryCommand() : RunsCommand("retry", "Lets a run that ended without a result, or is blocked, or all such that a filter finds, go on at what failed.", BulkAct.Retry)
{
    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        await run.RetryAsync(stop);
        return Tell(screen, run, "Reopened");
    }
}
