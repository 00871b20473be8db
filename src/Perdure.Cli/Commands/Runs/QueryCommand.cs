using System.CommandLine;
using Perdure.Cli.Hosting;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure query 0198f2 price '{"currency":"CHF"}' --assembly app.dll</c></summary>
internal sealed class QueryCommand : RunCommand
{
    private readonly Argument<string> _query = new("name") { Description = "The query's name; every run answers status.", DefaultValueFactory = static _ => "status" };
    private readonly Question _question = new();
    private readonly Argument<string?> _argument = new("json") { Description = "Its argument: JSON, @file, or - for standard input; default: none.", Arity = ArgumentArity.ZeroOrOne };

    public QueryCommand() : base("query", "Asks a run, and writes its answer.")
    {
        Add(_query);
        Add(_argument);
        _question.AddTo(this);
    }

    protected override WorkflowAssembly? CodeIn(ParseResult given) => _question.CodeIn(given);

    protected override Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop) =>
        _question.AskAsync(given, run, given.GetRequiredValue(_query), given.GetValue(_argument), screen, stop);
}
