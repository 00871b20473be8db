using System.CommandLine;
using Perdure.Cli.Hosting;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure show 0198f2</c>; with <c>--at 7</c> as of that event; with <c>--query</c> it asks the run instead.</summary>
internal sealed class ShowCommand : RunCommand
{
    private readonly Option<string?> _query = new("--query") { Description = "Ask the run this instead, and write its answer.", HelpName = "name" };

    private readonly Option<int?> _at = new("--at") { Description = "Show the run as it was when the event of this number had been written.", HelpName = "sequence" };

    private readonly Question _question = new();

    public ShowCommand(string name) : base(name, "Shows one run: status, steps, what it waits for, error.")
    {
        Add(_query);
        Add(_at);
        _question.AddTo(this);
    }

    protected override WorkflowAssembly? CodeIn(ParseResult given) => given.GetValue(_query) is null ? null : _question.CodeIn(given);

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        if (given.GetValue(_at) is { } sequence) return await ShowAtAsync(given, run, sequence, screen, stop);
        if (given.GetValue(_query) is { } query) return await _question.AskAsync(given, run, query, argument: null, screen, stop);
        if (_question.HasArgument(given)) throw new UsageException("--args is the argument of a query: name it by --query.");
        var info = await run.GetAsync(RunInclude.Steps | RunInclude.Signals | RunInclude.Children, stop);
        if (screen.IsText) RunPage.Write(info, screen);
        else screen.Json(info, CliJson.Readable.RunInfo);
        return ExitCode.Done;
    }

    private async Task<int> ShowAtAsync(ParseResult given, RunHandle run, int sequence, Screen screen, CancellationToken stop)
    {
        if (given.GetValue(_query) is not null || _question.HasArgument(given)) throw new UsageException("--at and --query do not go together: a query is answered as of the last event.");
        var moment = await run.GetAtAsync(sequence, stop);
        if (screen.IsText) RunPage.Write(run.Id, moment, screen);
        else screen.Json(moment, CliJson.Readable.RunMoment);
        return ExitCode.Done;
    }
}
