namespace Perdure.Cli.Output;

/// <summary>Something that a run waits for and somebody can give it.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Kind"><c>input</c>, <c>hook</c> or <c>signal</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Since">Since when; of a signal, when the run was last heard of.</param>
/// <param name="Until">When the wait ends by itself; null when it does not.</param>
/// <param name="Assignee">Whom a question is meant for.</param>
internal sealed record WaitAnswer(string RunId, string Kind, string Name, DateTimeOffset Since, DateTimeOffset? Until, string? Assignee = null);
