using System.CommandLine;
using Perdure.Cli.Hosting;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure replay 0198f2 --assembly app.dll</c></summary>
internal sealed class ReplayCommand : RunCommand
{
    private readonly Option<string?> _assembly = KnownCode.NewOption("The code that is run over the history");

    public ReplayCommand() : base("replay", "Runs code over the history of a run, also of one that has ended, and says whether they fit. Changes nothing.") => Add(_assembly);

    protected override WorkflowAssembly? CodeIn(ParseResult given) => CheckCommand.LoadFrom(given, _assembly);

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var check = await run.CheckReplayAsync(stop);
        if (screen.IsText) Screen.Line(check.ToString());
        else screen.Json(check, CliJson.Readable.ReplayCheck);
        return check.Verdict switch
        {
            ReplayVerdict.Fits => ExitCode.Done,
            ReplayVerdict.NoCode => ExitCode.NotFound,
            _ => ExitCode.Failed,
        };
    }
}
