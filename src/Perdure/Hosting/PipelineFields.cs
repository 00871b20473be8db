using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Perdure.Pipelines;

namespace Perdure.Hosting;

/// <summary>The pipelines that a class holds in static fields.</summary>
internal static class PipelineFields
{
    public const DynamicallyAccessedMemberTypes Needed = DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.NonPublicFields;

    /// <summary>All of them, in the order in which they are declared.</summary>
    /// <exception cref="InvalidOptionException">There is none.</exception>
    public static IReadOnlyList<PipelineDefinition> Of<[DynamicallyAccessedMembers(Needed)] TPipelines>()
    {
        var pipelines = new List<PipelineDefinition>();
        foreach (var field in typeof(TPipelines).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic).OrderBy(static field => field.MetadataToken))
            if (field.FieldType.IsAssignableTo(typeof(PipelineDefinition)) && field.GetValue(null) is PipelineDefinition pipeline) pipelines.Add(pipeline);
        return pipelines.Count > 0
            ? pipelines
            : throw new InvalidOptionException(typeof(TPipelines).Name, $"{typeof(TPipelines).Name} has no static field that holds a pipeline.", ErrorCodes.InvalidRegistration);
    }
}
