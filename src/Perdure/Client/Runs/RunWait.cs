namespace Perdure;

/// <summary>One thing that a suspended run waits for. Immutable.</summary>
/// <param name="Kind"><c>timer</c>, <c>signal</c>, <c>activity</c>, <c>retry</c>, <c>step</c> or <c>limit</c>.</param>
/// <param name="Name">Its name; empty for timers and limits.</param>
/// <param name="Due">When it ends by itself, on the store's clock; null when it does not.</param>
public sealed record RunWait(string Kind, string Name, DateTimeOffset? Due);
