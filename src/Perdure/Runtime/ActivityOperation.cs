using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>An activity: queued for any worker, or run in this process when it is local.</summary>
internal abstract class ActivityOperation(int number, string name, ActivitySettings settings, ReadOnlyMemory<byte> input, SourceLine source, bool shielded)
    : BodyOperation(number, OperationKind.Activity, name, source, shielded, settings.Retry)
{
    public ActivitySettings Settings { get; } = settings;

    public ReadOnlyMemory<byte> Input { get; } = input;

    /// <summary>When it was scheduled; the clocks over all attempts run from here.</summary>
    public Instant ScheduledAt { get; set; }

    public Instant CloseDeadline => Settings.ScheduleToClose is { } limit ? ScheduledAt.Add(limit) : Instant.Never;

    /// <summary>Whether it was asked to be cancelled.</summary>
    public bool CancelSent { get; set; }

    public override TimeSpan? Timeout => Settings.StartToClose;

    /// <summary>The code of a local activity; null when it is queued.</summary>
    public ActivityDescriptor? Local { get; init; }

    public override bool NeedsServices => Local is { NeedsServices: true };

    public override Task<ReadOnlyMemory<byte>> ExecuteAsync(AttemptScope scope, PayloadCodec codec) => Local!.InvokeAsync(scope, Input, codec);
}

/// <summary>An activity with its typed result.</summary>
internal sealed class ActivityOperation<TOut>(int number, string name, ActivitySettings settings, ReadOnlyMemory<byte> input, SourceLine source, bool shielded)
    : ActivityOperation(number, name, settings, input, source, shielded)
{
    private readonly TaskCompletionSource<TOut> _completion = new();

    public override Task Task => _completion.Task;

    public Task<TOut> Result => _completion.Task;

    public override void CompleteFromRecord(PayloadCodec codec) => _completion.SetResult(Payload.Read<TOut>(codec, Outcome, Name));

    public override void Fail(Exception exception) => _completion.SetException(exception);
}
