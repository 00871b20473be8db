namespace Perdure.Files.Inbox;

/// <summary>Asks for a start with a signal.</summary>
/// <param name="Birth">The run.</param>
/// <param name="Signal">Its signal.</param>
internal sealed record SignalledStartRequest(RunBirth Birth, OutgoingMessage Signal);
