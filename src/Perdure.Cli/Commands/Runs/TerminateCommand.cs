using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure terminate 0198f2 --reason "stuck" --yes</c></summary>
internal sealed class TerminateCommand : RunsCommand
{
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for people.", HelpName = "text" };

    public TerminateCommand() : base("terminate", "Ends a run, or all that a filter finds, at once; no cleanup runs.", BulkAct.Terminate) => Add(_reason);

    protected override BulkOptions OptionsIn(ParseResult given) => new() { Reason = given.GetValue(_reason) };

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        if (!Confirmation.Get(given, $"Terminate {run.Id} without its cleanup?")) return Tell(screen, run, "left alone", ExitCode.Failed);
        var outcome = await run.TerminateAsync(given.GetValue(_reason), stop);
        return Tell(screen, run, outcome.ToString(), CancelExit.Of(outcome));
    }
}
