namespace Perdure.Runtime;

/// <summary>The waits of one wait for all of several signals: given up together.</summary>
/// <param name="Task">What the code awaits instead of their own tasks.</param>
/// <param name="Waits">The waits, in the order of the signals.</param>
internal sealed record WaitGroup(Task Task, IReadOnlyList<WaitOperation> Waits);
