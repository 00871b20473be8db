namespace Perdure.Files.Inbox;

/// <summary>Asks to keep something for the installation.</summary>
/// <param name="Name">Under which name.</param>
/// <param name="Value">What, in base64.</param>
internal sealed record KeepRequest(string Name, string Value);
