using System.CommandLine;
using System.Text.Json;
using Perdure.Cli.Hosting;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary>A query of a run, with the options that it takes. What the workflow answers itself, only its code can tell.</summary>
internal sealed class Question
{
    private readonly Option<string?> _input = new("--args", "--input", "-i") { Description = "The query's argument: JSON, @file, or - for standard input; default: none.", HelpName = "json" };
    private readonly Option<string?> _assembly = KnownCode.NewOption("Where the workflow's code is, which queries of its own need");

    public void AddTo(Command command)
    {
        command.Add(_input);
        command.Add(_assembly);
    }

    public WorkflowAssembly? CodeIn(ParseResult given) => KnownCode.PathIn(given, _assembly) is { } path ? WorkflowAssembly.Load(path) : null;

    /// <summary>Whether an argument was given by the option.</summary>
    public bool HasArgument(ParseResult given) => given.GetValue(_input) is not null;

    /// <param name="given">What stands on the command line.</param>
    /// <param name="run">The run.</param>
    /// <param name="query">The query's name.</param>
    /// <param name="argument">The argument, where it stands without an option.</param>
    /// <param name="screen">Takes the answer.</param>
    /// <param name="stop">Cancels the call.</param>
    public async Task<int> AskAsync(ParseResult given, RunHandle run, string query, string? argument, Screen screen, CancellationToken stop)
    {
        if (argument is not null && HasArgument(given)) throw new UsageException("The query's argument is given twice: as an argument and by --args.");
        var value = await JsonInput.ReadAsync(argument ?? given.GetValue(_input), "The query's argument", stop);
        try
        {
            screen.Json(value is { } json ? await run.QueryAsync<JsonElement>(query, json, stop) : await run.QueryAsync(query, stop));
            return ExitCode.Done;
        }
        catch (UnknownWorkflowException unknown)
        {
            // There is such a run and such a workflow: what is missing is the code that would answer, or the query.
            Screen.Complain($"{unknown.Code}: {unknown.Message} Without its --assembly a run answers only 'status', not '{query}'.");
            return ExitCode.Failed;
        }
    }
}
