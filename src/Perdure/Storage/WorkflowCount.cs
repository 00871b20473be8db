namespace Perdure.Storage;

/// <summary>How many runs of a workflow have a status.</summary>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Status">The status.</param>
/// <param name="Count">How many, at least one.</param>
/// <param name="LastCreatedAt">When the newest of them was created.</param>
public readonly record struct WorkflowCount(string Workflow, RunStatus Status, int Count, Instant LastCreatedAt);
