using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure query 0198f2 status</c></summary>
internal sealed class QueryCommand : RunCommand
{
    private readonly Argument<string> _query = new("name") { Description = "The query's name; every run answers status.", DefaultValueFactory = static _ => "status" };

    public QueryCommand() : base("query", "Asks a run, and writes its answer.") => Add(_query);

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        screen.Json(await run.QueryAsync(given.GetRequiredValue(_query), stop));
        return ExitCode.Done;
    }
}
