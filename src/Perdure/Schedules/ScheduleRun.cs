using System.Globalization;
using System.Text.Json;
using Perdure.Authoring;

namespace Perdure.Schedules;

/// <summary>A schedule at work: one turn after the other decides on what has come, starts what may start, and waits for whatever comes first.</summary>
internal sealed class ScheduleRun(WorkflowContext ctx, ScheduleState state)
{
    /// <summary>So many starts of one turn are made at once where runs may be live side by side; the others follow a second later.</summary>
    private const int StartsAtOnce = 10;

    private const int ErrorsUntilPause = 5;

    /// <summary>After so many turns without a live run it goes on as a new one: whoever takes it over has a short history to read.</summary>
    private const int TurnsOfOneRun = 500;

    /// <summary>Waits that are longer are made in parts.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(365);

    private readonly List<LiveRun> _live = [];
    private Slots? _slots = state.Definition is { } known ? new Slots(known.Times, known.Options) : null;
    private JsonElement _shown;
    private int _turns;

    private ScheduleDefinition Definition => state.Definition!;

    private ScheduleOverlap Overlap => Definition.Options.Overlap;

    /// <summary>A live run that others must wait for; a triggered one is nobody's business.</summary>
    private bool IsBusy => _live.Any(static run => run.Counts);

    /// <summary>Whether times that come while a run is live are decided on when it has ended.</summary>
    private bool DecidesLater => IsBusy && Overlap is ScheduleOverlap.Skip or ScheduleOverlap.BufferOne or ScheduleOverlap.BufferAll;

    public async Task RunAsync()
    {
        Task<JsonElement>? command = null;
        while (true)
        {
            if (GoesOnAsNew())
            {
                state.Live.Clear();
                await ctx.ContinueAsNewAsync(ScheduleJson.Write(state));
            }
            if (state.Definition is not null) Decide();
            Show();
            command ??= ctx.WaitForAsync(ScheduleWorkflow.Commands);
            var timer = NextLook() is { } look ? ctx.StartTimer(look) : null;
            await Task.WhenAny([command, .. timer is null ? [] : new[] { timer.Elapsed }, .. _live.Select(static run => run.End)]);
            // One wait may hear of it before the others: to go on would be to wait for nothing, over and over.
            ctx.CancellationToken.ThrowIfCancellationRequested();
            if (timer is { Elapsed.IsCompleted: false }) timer.Cancel();
            TakeEnds();
            if (!command.IsCompleted) continue;
            Obey(ScheduleJson.ReadCommand(await command));
            command = null;
        }
    }

    /// <summary>
    /// Whether it is time for a new run. Asked before anything is decided on: then nothing is live between the end of a run and the start of the one that waited for it. Where
    /// runs are live side by side there may never be such a moment; a long history is left all the same, and what is live is not counted when it ends.
    /// </summary>
    private bool GoesOnAsNew() => _live.Count == 0
        ? ctx.ShouldContinueAsNew || ++_turns > TurnsOfOneRun
        : ctx.ShouldContinueAsNew && (!IsBusy || Overlap is ScheduleOverlap.AllowAll or ScheduleOverlap.CancelOtherNoWait);

    /// <summary>How long until something has to be decided; null if only a command or the end of a run can change anything.</summary>
    private TimeSpan? NextLook()
    {
        if (state.Definition is null) return null;
        if (state.Pending.Count + state.Backfills.Count > 0 && !state.IsPaused && (!IsBusy || Overlap == ScheduleOverlap.AllowAll)) return TimeSpan.FromSeconds(1);
        if (state.NextAt is not { } next || DecidesLater) return null;
        var wait = _slots!.DueAt(next, Definition.Name) - ctx.UtcNow;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > LongestWait ? LongestWait : wait;
    }

    private void Decide()
    {
        if (!state.IsPaused && !DecidesLater)
        {
            var due = DueSlots.Take(Definition, _slots!, state.Cursor, ctx.UtcNow);
            state.Cursor = due.Cursor;
            foreach (var (slot, reason) in due.Skipped) Skip(slot, reason);
            foreach (var slot in due.Wanted) Want(slot);
            StartPending();
        }
        state.NextAt = state.IsPaused ? null : _slots!.NextAfter(state.Cursor);
    }

    /// <summary>A time is to be started, as far as live runs allow.</summary>
    private void Want(DateTimeOffset slot)
    {
        if (IsBusy && Overlap == ScheduleOverlap.CancelOther)
        {
            // The newest wins: whatever waited for the cancellation before is not started any more.
            foreach (var older in state.Pending) Skip(older, "overlap");
            state.Pending.Clear();
        }
        if (IsBusy && Overlap is ScheduleOverlap.CancelOther or ScheduleOverlap.CancelOtherNoWait) CancelLive();
        if (state.Pending.Count >= PerdureDefaults.ScheduleBufferLimit) Skip(slot, "overlap");
        else if (IsBusy && Overlap == ScheduleOverlap.CancelOther) Buffer(slot);
        else state.Pending.Add(slot);
    }

    /// <summary>The start of a time waits for the end of a run, or has waited for one.</summary>
    private void Buffer(DateTimeOffset slot)
    {
        state.Pending.Add(slot);
        state.Note(new ScheduleFire(slot, ctx.UtcNow, ScheduleOutcome.Buffered));
    }

    private void StartPending()
    {
        var atOnce = Overlap switch { ScheduleOverlap.AllowAll => StartsAtOnce, ScheduleOverlap.CancelOtherNoWait => int.MaxValue, _ => 1 };
        for (var started = 0; started < atOnce; started++)
        {
            if (IsBusy && Overlap is not (ScheduleOverlap.AllowAll or ScheduleOverlap.CancelOtherNoWait)) return;
            if (TakePending() is not { } slot) return;
            Start(slot, IdOf(slot), Definition.Input, counts: true);
        }
    }

    /// <summary>What is to be started next: what came by itself, then what is backfilled.</summary>
    private DateTimeOffset? TakePending()
    {
        if (state.Pending.Count > 0)
        {
            var oldest = state.Pending[0];
            state.Pending.RemoveAt(0);
            return oldest;
        }
        while (state.Backfills.Count > 0)
        {
            var span = state.Backfills[0];
            if (_slots!.NextAfter(span.Cursor) is { } slot && slot < span.End)
            {
                state.Backfills[0] = span with { Cursor = slot };
                return slot;
            }
            state.Backfills.RemoveAt(0);
        }
        return null;
    }

    private void Start(DateTimeOffset slot, string id, JsonElement input, bool counts)
    {
        var options = Definition.Options;
        try
        {
            var child = ctx.StartChild<JsonElement, JsonElement>(new(Definition.Workflow, Definition.Version), input, new ChildOptions
            {
                // Deleted or paused means that nothing is started any more, also not by whoever has yet to read of it.
                Id = id, Detached = true, HeedsUnread = true, Queue = options.Queue, Priority = options.Priority, RunTimeout = options.RunTimeout, Retry = options.Retry,
                Tags = new Dictionary<string, string>(options.Tags ?? new Dictionary<string, string>()) { ["schedule"] = Definition.Name },
            });
            _live.Add(new LiveRun(id, slot, child, child.ResultAsync(), counts));
            state.Live.Add(id);
            (state.LastAt, state.LastRunId, state.ErrorsInARow, state.LastError) = (slot, id, 0, null);
            state.Started++;
            state.Note(new ScheduleFire(slot, ctx.UtcNow, ScheduleOutcome.Started, RunId: id));
        }
        catch (PerdureException e)
        {
            StartFailed(slot, e);
        }
    }

    private void StartFailed(DateTimeOffset slot, PerdureException error)
    {
        state.LastError = SafeText.Shorten($"{error.Code}: {error.Message}", 1_024);
        state.StartErrors++;
        state.Note(new ScheduleFire(slot, ctx.UtcNow, ScheduleOutcome.Failed, state.LastError));
        if (++state.ErrorsInARow < ErrorsUntilPause) return;
        state.IsPaused = true;
        state.PauseReason = $"{ErrorsUntilPause} starts in a row have failed";
    }

    private void TakeEnds()
    {
        var wasBusy = IsBusy;
        for (var i = _live.Count - 1; i >= 0; i--)
        {
            var run = _live[i];
            if (!run.End.IsCompleted) continue;
            _live.RemoveAt(i);
            state.Live.Remove(run.Id);
            if (run.End.IsCompletedSuccessfully) state.Succeeded++;
            else if (run.End.Exception?.InnerException is ChildWorkflowException { ErrorCode: ErrorCodes.AlreadyExists }) TakeBack(run);
            else state.Failed++;
        }
        if (wasBusy && !IsBusy && !state.IsPaused) DecideOnWhatCameMeanwhile();
    }

    /// <summary>The time had its run already: nothing was started for it.</summary>
    private void TakeBack(LiveRun run)
    {
        state.Started--;
        state.Recent.RemoveAll(fire => fire.RunId == run.Id && fire.Outcome == ScheduleOutcome.Started);
        Skip(run.Slot, "duplicate");
    }

    /// <summary>The times that came while the run was live that has just ended.</summary>
    private void DecideOnWhatCameMeanwhile()
    {
        if (Overlap is ScheduleOverlap.AllowAll or ScheduleOverlap.CancelOther or ScheduleOverlap.CancelOtherNoWait) return;
        var room = Overlap switch { ScheduleOverlap.Skip => 0, ScheduleOverlap.BufferOne => Math.Max(0, 1 - state.Pending.Count), _ => PerdureDefaults.ScheduleBufferLimit - state.Pending.Count };
        var passed = 0;
        while (_slots!.NextAfter(state.Cursor) is { } slot && _slots.DueAt(slot, Definition.Name) <= ctx.UtcNow && passed++ < PerdureDefaults.BackfillLimit)
        {
            state.Cursor = slot;
            if (room-- > 0) Buffer(slot);
            else Skip(slot, "overlap");
        }
    }

    private void CancelLive()
    {
        foreach (var run in _live)
            if (run.Counts && !run.IsCancelled) run.Cancel($"the schedule '{Definition.Name}' is due again");
    }

    private void Skip(DateTimeOffset slot, string reason) => state.Note(new ScheduleFire(slot, ctx.UtcNow, ScheduleOutcome.Skipped, reason));

    private void Obey(ScheduleCommand command)
    {
        switch (command.Verb)
        {
            case ScheduleVerb.Define:
                Define(command.Definition!);
                break;
            case ScheduleVerb.Pause when !state.IsPaused:
                (state.IsPaused, state.PauseReason) = (true, command.Reason);
                break;
            case ScheduleVerb.Resume when state.IsPaused:
                Resume();
                break;
            case ScheduleVerb.Trigger when state.Definition is not null:
                Start(ctx.UtcNow, $"{Definition.Name}@{ctx.NewGuid():N}", command.Input ?? Definition.Input, counts: false);
                break;
            case ScheduleVerb.Backfill when state.Definition is not null:
                state.Backfills.Add(new ScheduleSpan(command.From.AddTicks(-1), command.To));
                break;
        }
    }

    private void Define(ScheduleDefinition definition)
    {
        var isNew = state.Definition is null;
        // Times that are the same go on where they were; others count from now. The first ones count from the birth of the schedule, however late a worker learns of them.
        if (!isNew && !definition.HasTimesOf(state.Definition)) state.Cursor = ctx.UtcNow;
        state.Definition = definition;
        _slots = new Slots(definition.Times, definition.Options);
        if (isNew) state.IsPaused = definition.Options.Paused;
    }

    private void Resume()
    {
        (state.IsPaused, state.PauseReason, state.ErrorsInARow) = (false, null, 0);
        var missed = 0;
        while (missed < PerdureDefaults.BackfillLimit && _slots!.NextAfter(state.Cursor) is { } slot && slot <= ctx.UtcNow)
        {
            state.Cursor = slot;
            missed++;
            Skip(slot, "paused");
        }
        state.Cursor = ctx.UtcNow;
    }

    /// <summary>A time has one run for ever, so it has the id of the schedule and the time.</summary>
    private string IdOf(DateTimeOffset slot) => $"{Definition.Name}@{slot.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)}";

    private void Show()
    {
        var view = ScheduleJson.Write(state);
        if (_shown.ValueKind != JsonValueKind.Undefined && JsonElement.DeepEquals(view, _shown)) return;
        ctx.Publish(ScheduleWorkflow.View, _shown = view);
    }
}
