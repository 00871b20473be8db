using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands;

/// <summary>A command: its words, and what it does. Whatever goes wrong becomes one line and an exit code.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(string name, string description) : base(name, description) => SetAction(GuardedAsync);

    /// <summary>Does what was asked.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult given, CancellationToken stop);

    private async Task<int> GuardedAsync(ParseResult given, CancellationToken stop)
    {
        try
        {
            return await RunAsync(given, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.Interrupted;
        }
        catch (Exception error)
        {
            var (code, message) = Complaint.About(error);
            Screen.Complain(message);
            return code;
        }
    }
}
