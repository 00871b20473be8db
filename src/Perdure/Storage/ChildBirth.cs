namespace Perdure.Storage;

/// <summary>
/// A run that another one starts. It is created, unowned, in the transaction that writes its parent's bundle: both exist, or neither.
/// </summary>
public sealed record ChildBirth
{
    /// <summary>The run to create.</summary>
    public required RunBirth Birth { get; init; }

    /// <summary>What it has to do with its parent, the run of the bundle.</summary>
    public required RunParent Parent { get; init; }

    /// <summary>
    /// Put into the parent's inbox instead, if another run holds the start key or the chosen id, so that the parent hears of it whatever crashes. <see langword="null"/>
    /// for a birth that asks for neither.
    /// </summary>
    public OutgoingMessage? IfTaken { get; init; }
}

/// <summary>What a child is told of its parent when it is born.</summary>
/// <param name="Id">Public id of the parent.</param>
/// <param name="Root">Public id of the run at the top of the tree.</param>
public sealed record RunParent(string Id, string Root);
