namespace Perdure.Torture;

/// <summary>The driver itself cannot go on: nothing is said of the engine.</summary>
internal sealed class HarnessException(string message) : Exception(message);
