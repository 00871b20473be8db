using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure cancel 0198f2 --reason "ordered twice"</c>, or <c>perdure cancel --workflow order --tag city=Bern --yes</c></summary>
internal sealed class CancelCommand : RunsCommand
{
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for people.", HelpName = "text" };
    private readonly Option<bool> _keepQueued = new("--keep-queued") { Description = "Let queued activities run all the same." };
    private readonly Option<string?> _grace = new("--grace") { Description = "Terminate the run if its cleanup takes longer than this (30s); default: it may take as long as it does.", HelpName = "duration" };
    private readonly Option<string?> _by = new("--by") { Description = "Who cancels; default: the name of the user.", HelpName = "name" };
    private readonly Option<bool> _wait = new("--wait", "-w") { Description = "Wait for the run's cleanup and end." };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long to wait (30s); default: for as long as it takes. Includes --wait.", HelpName = "duration" };

    public CancelCommand(string name) : base(name, "Asks a run, or all that a filter finds, to stop; their cleanup runs.", BulkAct.Cancel)
    {
        foreach (Option option in new Option[] { _reason, _keepQueued, _grace, _by, _wait, _timeout }) Add(option);
    }

    protected override BulkOptions OptionsIn(ParseResult given)
    {
        if (given.GetValue(_wait) || given.GetValue(_timeout) is not null) throw new UsageException("--wait and --timeout are for one run.");
        return new BulkOptions { Reason = given.GetValue(_reason), Cancel = CancelOptionsIn(given) };
    }

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var timeout = Moments.Duration(given.GetValue(_timeout), "--timeout");
        var outcome = await run.CancelAsync(given.GetValue(_reason), CancelOptionsIn(given), stop);
        if (outcome is not (CancelOutcome.Recorded or CancelOutcome.AlreadyCancelling) || (timeout is null && !given.GetValue(_wait)))
            return Tell(screen, run, outcome.ToString(), CancelExit.Of(outcome));
        return await EndAsync(screen, run, timeout, stop);
    }

    private CancelOptions CancelOptionsIn(ParseResult given) => new()
    {
        KeepQueued = given.GetValue(_keepQueued), Grace = Moments.Duration(given.GetValue(_grace), "--grace"), By = given.GetValue(_by) ?? Environment.UserName,
    };

    private static async Task<int> EndAsync(Screen screen, RunHandle run, TimeSpan? timeout, CancellationToken stop)
    {
        try
        {
            await run.WaitAsync(timeout, throwIfBlocked: true, stop);
            return Tell(screen, run, nameof(RunStatus.Completed), ExitCode.NotAllowed);
        }
        catch (RunCancelledException)
        {
            return Tell(screen, run, nameof(RunStatus.Cancelled));
        }
        catch (RunTerminatedException)
        {
            return Tell(screen, run, nameof(RunStatus.Terminated));
        }
        catch (TimeoutException)
        {
            return Tell(screen, run, "still cancelling", ExitCode.TimedOut);
        }
    }
}
