namespace Perdure.Cli.Commands.Runs;

/// <summary>What the outcome of a cancellation is to a script: that a run is stopped already is what it wanted, that it ended otherwise is not.</summary>
internal static class CancelExit
{
    public static int Of(CancelOutcome outcome) => outcome is
        CancelOutcome.Recorded or CancelOutcome.AlreadyCancelling or CancelOutcome.AlreadyCancelled or CancelOutcome.AlreadyTerminated
        ? ExitCode.Done
        : ExitCode.NotAllowed;
}
