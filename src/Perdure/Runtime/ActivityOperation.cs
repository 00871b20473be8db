using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>An activity: queued for any worker, or run in this process when it is local.</summary>
internal abstract class ActivityOperation(
    int number, string name, ActivitySettings settings, ReadOnlyMemory<byte> input, ActivityRegistry activities, SourceLine source, bool shielded)
    : BodyOperation(number, OperationKind.Activity, name, source, shielded, settings.Retry)
{
    /// <summary>Note of an ActivityScheduled event whose activity runs in the process of its run. Recorded, because options may change between two loads.</summary>
    public const string LocalNote = "local";

    private bool _isLocal = settings.RunLocally;

    public ActivitySettings Settings { get; } = settings;

    public ReadOnlyMemory<byte> Input { get; } = input;

    /// <summary>When it was scheduled; the clocks over all attempts run from here.</summary>
    public Instant ScheduledAt { get; private set; }

    public override Instant CloseDeadline => Settings.ScheduleToClose is { } limit ? ScheduledAt.Add(limit) : Instant.Never;

    /// <summary>Last heartbeat details of the attempt that has just failed, for the next one.</summary>
    public ReadOnlyMemory<byte> Details { get; set; }

    public override bool IsLocal => _isLocal;

    public override TimeSpan? Timeout => Settings.StartToClose;

    public override bool NeedsServices => activities.Find(Name) is { NeedsServices: true };

    /// <summary>Takes what the history says about its scheduling.</summary>
    public void Scheduled(in EventRecord e)
    {
        ScheduledAt = e.At;
        _isLocal = e.Note == LocalNote;
    }

    public override ValueTask<ReadOnlyMemory<byte>> ExecuteAsync(AttemptScope scope, PayloadCodec codec) => new(activities.Get(Name).InvokeAsync(scope, Input, codec));
}

/// <summary>An activity with its typed result.</summary>
internal sealed class ActivityOperation<TOut>(
    int number, string name, ActivitySettings settings, ReadOnlyMemory<byte> input, ActivityRegistry activities, SourceLine source, bool shielded)
    : ActivityOperation(number, name, settings, input, activities, source, shielded)
{
    private readonly TaskCompletionSource<TOut> _completion = new();

    public override Task Task => _completion.Task;

    public Task<TOut> Result => _completion.Task;

    public override void Complete(in EventRecord outcome, PayloadCodec codec) => _completion.SetResult(Payload.Read<TOut>(codec, outcome, Name));

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
