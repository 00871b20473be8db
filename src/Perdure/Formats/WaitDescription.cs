namespace Perdure.Formats;

/// <summary>One thing that a run waits for.</summary>
/// <param name="Kind">timer, signal, activity, child, retry, step or limit.</param>
/// <param name="Name">Its name; empty where it has none.</param>
/// <param name="Due">When it ends by itself, or null.</param>
internal sealed record WaitDescription(string Kind, string Name, DateTimeOffset? Due);

/// <summary>Data of an ActivityStarted event.</summary>
/// <param name="Worker">Key of the worker that ran the attempt.</param>
internal sealed record ActivityStart(long Worker);
