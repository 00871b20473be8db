using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure show 0198f2</c>; with <c>--query</c> it asks the run instead.</summary>
internal sealed class ShowCommand : RunCommand
{
    private readonly Option<string?> _query = new("--query") { Description = "Ask the run this instead, and write its answer.", HelpName = "name" };

    public ShowCommand(string name) : base(name, "Shows one run: status, steps, what it waits for, error.") => Add(_query);

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        if (given.GetValue(_query) is { } query)
        {
            screen.Json(await run.QueryAsync(query, stop));
            return ExitCode.Done;
        }
        var info = await run.GetAsync(RunInclude.Steps | RunInclude.Signals, stop);
        if (screen.IsText) RunPage.Write(info, screen);
        else screen.Json(info, CliJson.Readable.RunInfo);
        return ExitCode.Done;
    }
}
