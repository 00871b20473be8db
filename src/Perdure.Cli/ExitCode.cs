namespace Perdure.Cli;

/// <summary>What the tool tells scripts. The numbers are part of its interface.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NotFound = 3;
    public const int NotAllowed = 4;
    public const int RunFailed = 5;
    public const int TimedOut = 6;
    public const int Store = 7;
    public const int Interrupted = 130;
}
