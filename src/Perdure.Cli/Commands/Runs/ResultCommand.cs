using System.CommandLine;
using System.Text.Json;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure result 0198f2 --wait</c></summary>
internal sealed class ResultCommand : RunCommand
{
    private readonly Option<bool> _wait = new("--wait", "-w") { Description = "Wait for the end; else a run that has not ended is an error (6)." };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long to wait (30s); default: for as long as it takes. Includes --wait.", HelpName = "duration" };

    public ResultCommand() : base("result", "Writes a run's result, JSON.")
    {
        Add(_wait);
        Add(_timeout);
    }

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var timeout = Moments.Duration(given.GetValue(_timeout), "--timeout") ?? (given.GetValue(_wait) ? null : TimeSpan.Zero);
        screen.Json(await run.ResultAsync<JsonElement>(timeout, throwIfBlocked: true, stop));
        return ExitCode.Done;
    }
}
