namespace Perdure;

/// <summary>What came of a wait with a limit.</summary>
/// <typeparam name="T">The payload's type.</typeparam>
/// <param name="IsReceived">Whether a signal came before the limit.</param>
/// <param name="Value">Its payload; the default of <typeparamref name="T"/> when none came.</param>
public readonly record struct Received<T>(bool IsReceived, T Value);
