using System.CommandLine;
using Perdure.Cli.Hosting;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure show 0198f2</c>; with <c>--query</c> it asks the run instead.</summary>
internal sealed class ShowCommand : RunCommand
{
    private readonly Option<string?> _query = new("--query") { Description = "Ask the run this instead, and write its answer.", HelpName = "name" };

    private readonly Question _question = new();

    public ShowCommand(string name) : base(name, "Shows one run: status, steps, what it waits for, error.")
    {
        Add(_query);
        _question.AddTo(this);
    }

    protected override WorkflowAssembly? CodeIn(ParseResult given) => given.GetValue(_query) is null ? null : _question.CodeIn(given);

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        if (given.GetValue(_query) is { } query) return await _question.AskAsync(given, run, query, argument: null, screen, stop);
        if (_question.HasArgument(given)) throw new UsageException("--args is the argument of a query: name it by --query.");
        var info = await run.GetAsync(RunInclude.Steps | RunInclude.Signals, stop);
        if (screen.IsText) RunPage.Write(info, screen);
        else screen.Json(info, CliJson.Readable.RunInfo);
        return ExitCode.Done;
    }
}
