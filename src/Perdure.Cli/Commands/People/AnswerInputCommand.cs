using System.CommandLine;
using Perdure.Cli.Commands.Runs;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.People;

/// <summary><c>perdure input 0198f2 approve true --by ann</c></summary>
internal sealed class AnswerInputCommand : RunCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The question's name." };
    private readonly Argument<string> _answer = new("json") { Description = "The answer: JSON, @file, or - for standard input." };
    private readonly Option<string?> _by = new("--by") { Description = "Who answers; the run's history tells it.", HelpName = "name" };
    private readonly Option<string?> _request = new("--request") { Description = "The very question that was seen, by its requestId: a later one of that name is not answered.", HelpName = "id" };

    public AnswerInputCommand(string name) : base(name, "Answers a question that a run asks people. The answer is checked first.")
    {
        Add(_name);
        Add(_answer);
        Add(_by);
        Add(_request);
    }

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var answer = await JsonInput.ReadAsync(given.GetRequiredValue(_answer), "The answer", stop);
        await run.ProvideInputAsync(given.GetRequiredValue(_name), answer, given.GetValue(_by), given.GetValue(_request), stop);
        return Tell(screen, run, "Answered");
    }
}
