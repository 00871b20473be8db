using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure delete 0198f2 --yes</c></summary>
internal sealed class DeleteCommand() : RunsCommand("delete", "Deletes a run that has ended, or all such that a filter finds, with their histories.", BulkAct.Delete)
{
    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        if (!Confirmation.Get(given, $"Delete {run.Id} with its history?")) return Tell(screen, run, "left alone", ExitCode.Failed);
        await run.DeleteAsync(stop);
        return Tell(screen, run, "Deleted");
    }
}
