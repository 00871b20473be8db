namespace Perdure.Authoring;

/// <summary>What all definitions share, whatever their types.</summary>
internal interface IWorkflowDefinition
{
    string Name { get; }

    int Version { get; }
}
