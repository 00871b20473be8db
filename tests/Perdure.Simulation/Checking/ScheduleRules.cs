using System.Globalization;
using System.Text.Json;
using Perdure.Formats;
using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-28: each time of a schedule starts one run at most, not early, and is accounted for: started, waiting for its turn, or passed over for a reason.</summary>
internal static class ScheduleRules
{
    /// <summary>So many decisions are shown; of a schedule with more the first are forgotten.</summary>
    private const int Shown = 20;

    public static void Check(RunCase run)
    {
        if (run.Row is not { Published.IsEmpty: false } row || !JsonDocument.Parse(row.Published).RootElement.TryGetProperty(ScheduleWorkflow.View.Name, out var view)) return;
        var state = ScheduleJson.ReadState(view);
        if (state.Definition is not { } definition) return;
        var started = RunsOf(run, definition.Name);
        var slots = new Slots(definition.Times, definition.Options);
        CheckDeleted(run);
        foreach (var (slot, child) in started) CheckStart(run, slots, slot, child);
        foreach (var fire in state.Recent) CheckFire(run, fire);
        CheckOverlap(run, definition, started);
        if (state.Recent.Count < Shown) CheckAccount(run, state, slots, started);
    }

    /// <summary>The runs that times have started, in the order of their births; not those that somebody asked for besides.</summary>
    private static List<(DateTimeOffset Slot, RunLedger Run)> RunsOf(RunCase run, string name) =>
    [
        .. run.Cluster.Tap.Runs.Where(other => other.Id.StartsWith(name + "@", StringComparison.Ordinal) && other.Id.EndsWith('Z'))
            .Select(other => (DateTimeOffset.Parse(other.Id[(name.Length + 1)..], CultureInfo.InvariantCulture), other)).OrderBy(static started => started.other.Events[0].Order),
    ];

    private static void CheckStart(RunCase run, Slots slots, DateTimeOffset slot, RunLedger child)
    {
        if (slots.NextAfter(slot.AddTicks(-1)) != slot) run.Fail("I-28", $"it has started {child.Id}, which is no time of it.");
        // A clock that was put back shows an earlier instant than the one at which the decision was made.
        if (run.Cluster.PutBack == TimeSpan.Zero && child.Events[0].StoreNow < Instant.From(slot)) run.Fail("I-24", $"it has started {child.Id} at {child.Events[0].StoreNow}.");
        if (RunSettings.Read(child.Birth.Options).Parent?.Id != run.Id) run.Fail("I-28", $"{child.Id} was started by somebody else.");
    }

    /// <summary>Once its deletion is stored it starts nothing, neither by its times nor because somebody asks.</summary>
    private static void CheckDeleted(RunCase run)
    {
        var (_, deleted) = run.Ledger.Posted.Find(static posted => posted.Message.Kind == MessageKind.Cancel);
        if (deleted == 0) return;
        foreach (var child in run.Cluster.Tap.Runs)
        {
            var born = child.Events[0].Order;
            // Somebody may have reopened its run since.
            if (born < deleted || run.Ledger.FirstClosedOrder is > 0 and var ended && ended < born) continue;
            if (RunSettings.Read(child.Birth.Options).Parent?.Id == run.Id) run.Fail("I-28", $"it has started {child.Id} after its deletion had been stored.");
        }
    }

    private static void CheckFire(RunCase run, ScheduleFire fire)
    {
        if (fire.Outcome == ScheduleOutcome.Started && run.Cluster.Tap.Find(fire.RunId!) is null) run.Fail("I-28", $"it says that it has started {fire.RunId}, and there is no such run.");
        if (fire.Outcome is not (ScheduleOutcome.Started or ScheduleOutcome.Buffered) && string.IsNullOrEmpty(fire.Reason)) run.Fail("I-28", $"the time {fire.Slot:O} was passed over ({fire.Outcome}) for no reason.");
    }

    /// <summary>Where runs may not be live side by side, the next is born behind the end of the one before.</summary>
    private static void CheckOverlap(RunCase run, ScheduleDefinition definition, List<(DateTimeOffset Slot, RunLedger Run)> started)
    {
        if (definition.Options.Overlap is ScheduleOverlap.AllowAll or ScheduleOverlap.CancelOtherNoWait) return;
        for (var i = 1; i < started.Count; i++)
        {
            var (before, next) = (started[i - 1].Run, started[i].Run);
            if (before.FirstClosedOrder == 0 || before.FirstClosedOrder > next.Events[0].Order) run.Fail("I-28", $"{next.Id} was started while {before.Id} was live, in spite of {definition.Options.Overlap}.");
        }
    }

    /// <summary>From the first time behind the definition up to the last that was decided on, none is missing and none counts twice.</summary>
    private static void CheckAccount(RunCase run, ScheduleState state, Slots slots, List<(DateTimeOffset Slot, RunLedger Run)> started)
    {
        // That a start waited is no decision: the time is pending, or another line says what became of it.
        var fires = state.Recent.Where(static fire => fire.Outcome != ScheduleOutcome.Buffered && (fire.RunId is null || fire.RunId.EndsWith('Z'))).ToList();
        var buffered = state.Recent.Count(static fire => fire.Outcome == ScheduleOutcome.Buffered);
        if (buffered != state.BufferedInAll) run.Fail("I-28", $"it says that {state.BufferedInAll} starts had to wait, and tells of {buffered}.");
        if (started.Count != fires.Count(static fire => fire.Outcome == ScheduleOutcome.Started)) run.Fail("I-28", $"it has started {started.Count} runs and says that it was {fires.Count(static fire => fire.Outcome == ScheduleOutcome.Started)}.");
        var decided = fires.Sum(static fire => fire.Count) + state.Pending.Count;
        var first = fires.Select(static fire => fire.Slot).Concat(state.Pending).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        // It was defined when its first command was taken, and what came behind that is to be accounted for.
        var defined = run.Events.First(static committed => committed.Event.Kind is EventKind.SignalConsumed || committed.Event is { Kind: EventKind.SignalReceived, Operation: >= 0 });
        if (run.Cluster.PutBack == TimeSpan.Zero && slots.NextAfter(defined.StoreNow.ToDateTimeOffset()) is { } due && due <= state.Cursor && first > due)
            run.Fail("I-28", $"the time {due:O}, behind its definition, is not accounted for.");
        if (decided == 0) return;
        var came = 0;
        for (var slot = slots.NextAfter(first.AddTicks(-1)); slot <= state.Cursor; slot = slots.NextAfter(slot.Value)) came++;
        if (decided != came) run.Fail("I-28", $"{came} times have come since {first:O}, and it has decided on {decided}.");
    }
}
