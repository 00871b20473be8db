namespace Perdure;

/// <summary>One thing that a suspended run waits for. Immutable.</summary>
/// <param name="Kind"><c>timer</c>, <c>signal</c>, <c>hook</c>, <c>input</c>, <c>child</c>, <c>activity</c>, <c>retry</c>, <c>step</c> or <c>limit</c>.</param>
/// <param name="Name">Its name, of a child its workflow's; empty for timers, <c>_limit</c> for limits.</param>
/// <param name="Due">When it ends by itself, on the store's clock; null when it does not.</param>
public sealed record RunWait(string Kind, string Name, DateTimeOffset? Due);
