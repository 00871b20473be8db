using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Acting on runs. Everything but a deletion is a message.</content>
internal sealed partial class PerdureClient
{
    public Task SignalAsync<T>(string runId, Signal<T> signal, T payload, string? messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(signal);
        using var home = Home();
        return SignalCoreAsync(runId, signal.Name, _parts.Codec.Serialize(payload, PayloadKind.Signal), messageId, cancellationToken);
    }

    public Task SignalAsync(string runId, string signal, object? payload, string? messageId, CancellationToken cancellationToken)
    {
        Names.Validate(NameKind.Signal, signal);
        using var home = Home();
        return SignalCoreAsync(runId, signal, _parts.Codec.SerializeFor(payload, declared: null, PayloadKind.Signal), messageId, cancellationToken);
    }

    public Task CancelWaitAsync(string runId, string wait, string? reason, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wait);
        using var home = Home();
        return CancelWaitCoreAsync(runId, wait, reason, cancellationToken);
    }

    public Task<CancelOutcome> CancelAsync(string runId, string? reason, CancelOptions? options, CancellationToken cancellationToken)
    {
        options?.Validate();
        using var home = Home();
        return StopAsync(runId, MessageIds.Cancel, MessageKind.Cancel, Request(reason, options), cancellationToken);
    }

    public Task<CancelOutcome> TerminateAsync(string runId, string? reason, CancellationToken cancellationToken)
    {
        using var home = Home();
        return StopAsync(runId, MessageIds.Terminate, MessageKind.Terminate, new CancelRequest(Shorten(reason)), cancellationToken);
    }

    public Task RetryAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return RetryCoreAsync(runId, cancellationToken);
    }

    public Task<bool> PauseAsync(string runId, PauseOptions? options, CancellationToken cancellationToken)
    {
        options?.Validate();
        using var home = Home();
        return PauseCoreAsync(runId, options, cancellationToken);
    }

    public Task<bool> ResumeAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return ResumeCoreAsync(runId, cancellationToken);
    }

    public Task DeleteAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return DeleteCoreAsync(runId, cancellationToken);
    }

    private async Task SignalCoreAsync(string runId, string signal, ReadOnlyMemory<byte> payload, string? messageId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runId);
        if (messageId is not null) CheckMessageId(messageId);
        await _parts.ReadyAsync(cancellationToken);
        var message = new OutgoingMessage
        {
            RunId = runId, Id = messageId ?? NewMessageId(), Kind = MessageKind.Signal, Name = signal, Payload = payload,
        };
        var outcome = await _parts.Submissions.PostAsync(message, cancellationToken);
        // The run may have ended after it took an earlier copy: the caller's, or this call's own, whose answer was lost.
        if (outcome.Verdict == PostVerdict.Closed && await HasTakenAsync(outcome.RunKey, message.Id, cancellationToken)) return;
        Refuse(runId, outcome);
    }

    /// <summary>Whether a run, or one in whose place it goes on, took a signal of that id.</summary>
    private async Task<bool> HasTakenAsync(long run, string messageId, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var e in await EventsAsync(run, cancellationToken))
                if (e.Kind == EventKind.SignalReceived && e.Note == messageId) return true;
            var row = await _patience.RepeatAsync(token => _parts.Store.ReadRunAsync(new RunSelector(Key: run), token), cancellationToken);
            return row is not null && RunSettings.Read(row.Options).Continued is { } before && before.Received.ContainsKey(messageId);
        }
        catch (CorruptHistoryException)
        {
            // Nothing is known of what it took; that it has ended is certain.
        }
        return false;
    }

    private async Task CancelWaitCoreAsync(string runId, string wait, string? reason, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        if (row.Status == RunStatus.ContinuedAsNew) row = await RowAsync(new RunSelector(Id: (await ChainCoreAsync(runId, cancellationToken))[^1].Id), runId, cancellationToken);
        if (row.Status.IsTerminal()) throw new RunClosedException(runId, row.Status);
        if (OpenWaits.Find(await EventsAsync(row, cancellationToken), RunSettings.Read(row.Options).Continued?.Hooks, wait) is not { } open) throw new NotWaitingException(runId, wait);
        await PostAsync(Order(row.Id, MessageKind.CancelWait) with { Name = wait, Payload = RunJson.Write(new WaitOrder(row.Id, open.Sequence, Shorten(reason))) }, cancellationToken);
    }

    private async Task<CancelOutcome> StopAsync(string runId, string messageId, MessageKind kind, CancelRequest request, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var outcome = await _parts.Submissions.PostAsync(
            new OutgoingMessage { RunId = runId, Id = messageId, Kind = kind, Payload = RunJson.Write(request) }, cancellationToken);
        return outcome.Verdict switch
        {
            PostVerdict.NotFound => throw new RunNotFoundException(runId),
            PostVerdict.Closed => Ended(outcome.Status),
            PostVerdict.Duplicate => CancelOutcome.AlreadyCancelling,
            _ => kind == MessageKind.Cancel && outcome.Phase == RunPhase.Cancelling ? CancelOutcome.AlreadyCancelling : CancelOutcome.Recorded,
        };
    }

    private static CancelRequest Request(string? reason, CancelOptions? options) =>
        new(Shorten(reason), options?.By, KeepQueued: options?.KeepQueued ?? false, Grace: options?.Grace);

    private static CancelOutcome Ended(RunStatus status) => status switch
    {
        RunStatus.Failed => CancelOutcome.AlreadyFailed,
        RunStatus.Cancelled => CancelOutcome.AlreadyCancelled,
        RunStatus.TimedOut => CancelOutcome.AlreadyTimedOut,
        RunStatus.Terminated => CancelOutcome.AlreadyTerminated,
        RunStatus.CompensationFailed => CancelOutcome.AlreadyCompensationFailed,
        _ => CancelOutcome.AlreadyCompleted,
    };

    private async Task RetryCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        if (!row.Status.IsTerminal() && row.Status != RunStatus.Blocked)
            throw new RunInUseException(runId, $"it is {row.Status}; only a run that has ended without a result, or is blocked, can be retried.");
        // A retry is meant for the end that was seen.
        var order = row.Status.IsTerminal() ? Order(runId, MessageKind.Reopen) with { SeenEvents = row.Events } : Order(runId, MessageKind.Resume);
        await PostAsync(order, cancellationToken);
    }

    private async Task<bool> ResumeCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        if (row.Status.IsTerminal()) throw new RunClosedException(runId, row.Status);
        var standsStill = row.Status is RunStatus.Blocked or RunStatus.Paused;
        // Also to one that runs: an order to stand still may be on its way to it. Where a resume drives the run, it must not wake one that sleeps.
        if (standsStill || _parts.DriveAsync is null) await PostAsync(Order(runId, MessageKind.Resume), cancellationToken);
        if (_parts.DriveAsync is { } drive) await drive(runId, cancellationToken);
        return standsStill;
    }

    private async Task<bool> PauseCoreAsync(string runId, PauseOptions? options, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        if (row.Status.IsTerminal()) throw new RunClosedException(runId, row.Status);
        if (row.Status is RunStatus.Blocked or RunStatus.Paused) return false;
        var order = options is null ? default : RunJson.Write(new PauseOrder(Shorten(options.Reason), options.By, options.Interrupt));
        await PostAsync(Order(runId, MessageKind.Pause) with { Payload = order }, cancellationToken);
        return true;
    }

    private async Task DeleteCoreAsync(string runId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runId);
        await _parts.ReadyAsync(cancellationToken);
        var verdicts = await _patience.RepeatAsync(token => _parts.Store.DeleteRunsAsync([runId], token), cancellationToken);
        if (verdicts[0] == DeleteVerdict.NotFound) throw new RunNotFoundException(runId);
        if (verdicts[0] == DeleteVerdict.InUse) throw new RunInUseException(runId, "its parent or a child of it has not ended.");
        if (verdicts[0] == DeleteVerdict.Live) throw new RunInUseException(runId, "it has not ended; cancel or terminate it first.");
    }

    private async Task PostAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message.RunId);
        await _parts.ReadyAsync(cancellationToken);
        Refuse(message.RunId, await _parts.Submissions.PostAsync(message, cancellationToken));
    }

    private static void Refuse(string runId, in PostOutcome outcome)
    {
        if (outcome.Verdict == PostVerdict.NotFound) throw new RunNotFoundException(runId);
        if (outcome.Verdict == PostVerdict.Closed) throw new RunClosedException(runId, outcome.Status);
        if (outcome.Verdict == PostVerdict.Full) throw new TooManySignalsException(runId);
        if (outcome.Verdict == PostVerdict.ParentLive)
            throw new RunInUseException(runId, "it is the child of a run that has not ended and knows how this one did. Retry the parent.", ErrorCodes.ParentStillOpen);
    }

    private OutgoingMessage Order(string runId, MessageKind kind) => new() { RunId = runId, Id = NewMessageId(), Kind = kind };

    private string NewMessageId() => _parts.NewMessageId().ToString("N");

    private static string? Shorten(string? reason) => reason is null ? null : SafeText.Shorten(reason, PerdureDefaults.MaxErrorText);

    private static void CheckMessageId(string messageId)
    {
        Names.ValidateKey(messageId);
        if (messageId[0] == '_') throw new InvalidOptionException("messageId", "A message id has no leading underscore; those are the engine's.", ErrorCodes.InvalidName);
    }
}
