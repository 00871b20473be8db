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

    /// <summary>Drives a run until it has ended or waits, where nobody else in this process would; null where somebody does.</summary>
    public Func<string, CancellationToken, Task>? DriveAsync { get; init; }

    /// <summary>Answers what only a run's code can.</summary>
    public required ICodeReplay Code { get; init; }

    /// <summary>Whether a start is recorded that says nothing about it.</summary>
    public bool DefaultDurable { get; init; } = true;

    /// <summary>The client of the runs that are not recorded; null for that client itself.</summary>
    public Func<PerdureClient>? Transient { get; init; }

    /// <summary>The context in which the engine's continuations run; null means the thread pool.</summary>
    public SynchronizationContext? Home { get; init; }
}
