using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure explain 0198f2</c></summary>
internal sealed class ExplainCommand() : RunCommand("explain", "Says why a run does not move, and what would help.")
{
    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var explanation = await run.ExplainAsync(stop);
        if (!screen.IsText)
        {
            screen.Json(explanation, CliJson.Readable.RunExplanation);
            return ExitCode.Done;
        }
        Screen.Line($"{explanation.RunId} {explanation.Status}");
        foreach (var reason in explanation.Reasons)
        {
            Screen.Line(reason.Text);
            if (reason.Command is { } command) Screen.Line("    " + command);
        }
        return ExitCode.Done;
    }
}
