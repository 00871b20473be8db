using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure pause 0198f2 --reason "until the supplier is back"</c></summary>
internal sealed class PauseCommand : RunCommand
{
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for people.", HelpName = "text" };
    private readonly Option<bool> _interrupt = new("--interrupt") { Description = "Interrupt steps that run; they begin anew when the run goes on." };
    private readonly Option<string?> _by = new("--by") { Description = "Who pauses; default: the name of the user.", HelpName = "name" };

    public PauseCommand() : base("pause", "Lets a run stand still as soon as its steps have finished.")
    {
        foreach (Option option in new Option[] { _reason, _interrupt, _by }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var options = new PauseOptions { Reason = given.GetValue(_reason), Interrupt = given.GetValue(_interrupt), By = given.GetValue(_by) ?? Environment.UserName };
        return await run.PauseAsync(options, stop) ? Tell(screen, run, "Told to pause") : Tell(screen, run, "is paused or blocked already", ExitCode.NotAllowed);
    }
}
