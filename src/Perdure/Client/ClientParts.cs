using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a client is made of.</summary>
internal sealed record ClientParts
{
    public required IPerdureStore Store { get; init; }

    public required ISubmissions Submissions { get; init; }

    public required WorkflowRegistry Workflows { get; init; }

    public required PayloadCodec Codec { get; init; }

    public required TimeProvider Clock { get; init; }

    /// <summary>Makes a time-ordered run id.</summary>
    public required Func<DateTimeOffset, Guid> NewRunId { get; init; }

    /// <summary>Makes an id for a message.</summary>
    public required Func<Guid> NewMessageId { get; init; }

    /// <summary>Completes when the store is ready for calls.</summary>
    public required Func<CancellationToken, ValueTask> ReadyAsync { get; init; }

    /// <summary>The context in which the engine's continuations run; null means the thread pool.</summary>
    public SynchronizationContext? Home { get; init; }
}
