namespace Perdure.Formats;

/// <summary>What a child knows of its parent: enough to tell it how it ended, and how deep the tree is here.</summary>
/// <param name="Key">Key of the parent.</param>
/// <param name="Id">Public id of the parent.</param>
/// <param name="Operation">The parent's operation.</param>
/// <param name="Child">The id under which the parent knows the child.</param>
/// <param name="Root">Public id of the run at the top of the tree.</param>
/// <param name="Depth">How many levels the child is below the top.</param>
internal sealed record ParentLink(long Key, string Id, int Operation, string Child, string Root, int Depth);
