namespace Perdure.Authoring;

/// <summary>A child that a context has started, as a handle keeps it.</summary>
/// <typeparam name="T">The result's type.</typeparam>
internal interface IStartedChild<T>
{
    /// <summary>The child's public id.</summary>
    string Id { get; }

    /// <summary>Name of its workflow.</summary>
    string Workflow { get; }
}
