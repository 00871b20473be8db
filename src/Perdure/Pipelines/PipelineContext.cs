using Perdure.Authoring;

namespace Perdure.Pipelines;

/// <summary>
/// What the code of a pipeline sees. In the body of a step <see cref="Data"/> belongs to the attempt: what it writes is committed together with the step's outcome, and forgotten
/// when the attempt fails. In a branch of a parallel block it is the branch's own.
/// </summary>
/// <typeparam name="TInput">The input's type.</typeparam>
public sealed class PipelineContext<TInput>
{
    private readonly PipelineItem? _item;
    private readonly PayloadCodec _codec;

    internal PipelineContext(TInput input, RunData data, string runId, string currentStep, PipelineItem? item, PayloadCodec codec)
    {
        (Input, Data, RunId, CurrentStep) = (input, data, runId, currentStep);
        (_item, _codec) = (item, codec);
    }

    /// <summary>The input of the run.</summary>
    public TInput Input { get; }

    /// <summary>The data of the run, to read and to write.</summary>
    public RunData Data { get; }

    /// <summary>The run's public id.</summary>
    public string RunId { get; }

    /// <summary>The name of the step.</summary>
    public string CurrentStep { get; }

    /// <summary>The number of the iteration, from 0, inside <c>ForEach</c> and <c>Loop</c>; 0 outside.</summary>
    public int Index => _item?.Index ?? 0;

    /// <summary>The item of the iteration, inside <c>ForEach</c>.</summary>
    /// <typeparam name="T">The type to read it as.</typeparam>
    /// <exception cref="InvalidOperationException">Outside of a <c>ForEach</c>.</exception>
    /// <exception cref="UndecodablePayloadException">The item does not fit the type.</exception>
    public T Item<T>() => _item is { Json.IsEmpty: false } item
        ? _codec.Deserialize<T>(item.Json.Span)
        : throw new InvalidOperationException($"The step '{CurrentStep}' is in no ForEach, so there is no item.");
}

/// <summary>Where an iteration stands.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Json">The item, JSON; empty in a loop.</param>
internal sealed record PipelineItem(int Index, ReadOnlyMemory<byte> Json);
