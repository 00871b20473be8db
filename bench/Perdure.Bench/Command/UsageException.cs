namespace Perdure.Bench.Command;

/// <summary>The command line cannot be obeyed; the message says why.</summary>
internal sealed class UsageException(string message) : Exception(message);
