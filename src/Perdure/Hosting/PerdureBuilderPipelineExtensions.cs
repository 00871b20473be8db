using System.Diagnostics.CodeAnalysis;
using Perdure;
using Perdure.Hosting;
using Perdure.Pipelines;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers pipelines. The same pipeline registered twice is no error; another under a name that is taken is.</summary>
public static class PerdureBuilderPipelineExtensions
{
    /// <summary>Registers a pipeline, and the activities behind its steps that have a queue.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOptionException">Other code has its name and version.</exception>
    public static IPerdureBuilder AddPipeline(this IPerdureBuilder builder, PipelineDefinition pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var setup = PerdureSetup.Of(builder);
        pipeline.Register(setup.Workflows, setup.Activities);
        return builder;
    }

    /// <summary>Registers all pipelines that a class holds in static fields, in the order in which they are declared.</summary>
    /// <typeparam name="TPipelines">The class.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <returns>The builder.</returns>
    /// <exception cref="InvalidOptionException">The class has no such field, or a name is taken.</exception>
    public static IPerdureBuilder AddPipelines<[DynamicallyAccessedMembers(PipelineFields.Needed)] TPipelines>(this IPerdureBuilder builder)
    {
        foreach (var pipeline in PipelineFields.Of<TPipelines>()) builder.AddPipeline(pipeline);
        return builder;
    }
}
