namespace Perdure;

/// <summary>
/// A workflow's name, version, input type and result type: what a client needs to start it and to await its result. Immutable.
/// </summary>
/// <typeparam name="TIn">The input's type.</typeparam>
/// <typeparam name="TOut">The result's type.</typeparam>
/// <param name="name">The name under which the workflow is registered.</param>
/// <param name="version">Its version, from 1 (the default).</param>
public sealed class WorkflowDefinition<TIn, TOut>(string name, int version = 1) : WorkflowDefinition<TIn>(name, version);
