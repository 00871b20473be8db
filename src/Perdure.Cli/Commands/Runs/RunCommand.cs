using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary>A command on one run, which is named by its id or by the beginning of it.</summary>
internal abstract class RunCommand : ClientCommand
{
    private readonly Argument<string> _id = new("id") { Description = "The run's id, or as much of it as no other has." };

    protected RunCommand(string name, string description) : base(name, description) => Add(_id);

    /// <summary>Does what was asked.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop);

    protected string IdIn(ParseResult given) => given.GetRequiredValue(_id);

    protected sealed override Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop) =>
        RunIds.ActAsync(client, IdIn(given), run => RunAsync(given, run, screen, stop), stop);

    /// <summary>Tells what became of an act: to people on one line, to scripts as JSON.</summary>
    protected static int Tell(Screen screen, RunHandle run, string outcome, int exitCode = ExitCode.Done) => ActPage.Write(screen, run, outcome, exitCode);
}
