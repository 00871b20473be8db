using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Perdure.Authoring;
using Perdure.Hosting;
using Perdure.Pipelines;

namespace Perdure;

/// <summary>Starts pipelines.</summary>
public static class PerdureClientPipelineExtensions
{
    /// <summary>Starts a run of a pipeline.</summary>
    /// <typeparam name="TInput">The input's type.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="pipeline">The pipeline. It need not be registered in this process.</param>
    /// <param name="input">The input.</param>
    /// <param name="options">Options of this start; null for none.</param>
    /// <param name="cancellationToken">Cancels the call, not the run.</param>
    /// <returns>The run. Its result is what <see cref="Next.Finish"/> gave; else all data of the run.</returns>
    /// <inheritdoc cref="IPerdureClient.StartAsync{TIn, TOut}(WorkflowDefinition{TIn, TOut}, TIn, StartOptions?, CancellationToken)" path="/exception"/>
    public static Task<RunHandle<JsonElement>> StartAsync<TInput>(
        this IPerdureClient client, PipelineDefinition<TInput> pipeline, TInput input, StartOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(pipeline);
        return client.StartAsync(pipeline.Workflow, input, options, cancellationToken);
    }

    /// <summary>Starts a run of a pipeline that a class holds in a static field: of the first one, unless another is named. It must be registered in this process, or the options allow others.</summary>
    /// <typeparam name="TPipelines">The class, as given to <c>AddPipelines</c>.</typeparam>
    /// <param name="client">The client.</param>
    /// <param name="input">The input: anything that fits the pipeline's input as JSON.</param>
    /// <param name="options">Options of this start; null for none.</param>
    /// <param name="pipeline">The pipeline's name; null for the first one that the class declares.</param>
    /// <param name="cancellationToken">Cancels the call, not the run.</param>
    /// <exception cref="InvalidOptionException">The class has no such field.</exception>
    /// <exception cref="UnknownWorkflowException">The class has no pipeline of that name, or it is not registered here.</exception>
    /// <inheritdoc cref="IPerdureClient.StartAsync(string, object?, StartOptions?, CancellationToken)" path="/exception"/>
    public static Task<RunHandle> StartAsync<[DynamicallyAccessedMembers(PipelineFields.Needed)] TPipelines>(
        this IPerdureClient client, object? input, StartOptions? options = null, string? pipeline = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var pipelines = PipelineFields.Of<TPipelines>();
        var chosen = pipeline is null ? pipelines[0] : pipelines.FirstOrDefault(one => one.Name == pipeline)
            ?? throw new UnknownWorkflowException(pipeline, $"{typeof(TPipelines).Name} has no such pipeline; " + NearestName.Hint(pipeline, [.. pipelines.Select(static one => one.Name)]));
        return client.StartAsync(chosen.Name, input, options, cancellationToken);
    }
}
