namespace Perdure.Cli;

/// <summary>What was typed cannot be used. The message is one line that says what to type instead.</summary>
internal sealed class UsageException(string message, Exception? inner = null) : Exception(message, inner);
