using Perdure.Storage;

namespace Perdure.Cli.Commands;

/// <summary>What an error means to whoever typed the command.</summary>
internal static class Complaint
{
    public static (int ExitCode, string Message) About(Exception error) => error switch
    {
        UsageException => (ExitCode.Usage, error.Message),
        StoreException { Fault: StoreFault.Schema } schema => (ExitCode.Store, $"{schema.Code}: {schema.Message} See perdure db migrate."),
        StoreException store => (ExitCode.Store, $"{store.Code}: {store.Message}"),
        PerdureException coded => (Code(coded), $"{coded.Code}: {coded.Message}"),
        TimeoutException => (ExitCode.TimedOut, error.Message),
        _ => (ExitCode.Failed, $"{error.GetType().Name}: {error.Message}"),
    };

    private static int Code(PerdureException error) => error switch
    {
        RunNotFoundException or UnknownWorkflowException or ScheduleNotFoundException or WorkerNotFoundException => ExitCode.NotFound,
        HookRefusedException { Code: ErrorCodes.InvalidToken } => ExitCode.NotFound,
        HookRefusedException or InputRefusedException or NotWaitingException => ExitCode.NotAllowed,
        RunClosedException or RunInUseException or KeyConflictException or AlreadyExistsException => ExitCode.NotAllowed,
        RunOutcomeException => ExitCode.RunFailed,
        InvalidOptionException or InputValidationException or PayloadTooLargeException => ExitCode.Usage,
        _ => ExitCode.Failed,
    };
}
