using System.CommandLine;
using System.Runtime.InteropServices;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands;

/// <summary>From the words on the command line to the exit code.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] words)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));

        // @file is a payload here, and no file of further words.
        var given = CommandTree.Build().Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (given.Errors.Count > 0)
        {
            Screen.Complain(given.UnmatchedTokens.Count > 0 ? $"'{given.UnmatchedTokens[0]}' is not known here. See --help." : given.Errors[0].Message);
            return ExitCode.Usage;
        }
        return await given.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
    }

    /// <summary>The first signal asks, the second one means it.</summary>
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        if (stop.IsCancellationRequested) return;
        signal.Cancel = true;
        stop.Cancel();
    }
}
