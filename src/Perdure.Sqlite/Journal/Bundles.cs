using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Requests;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Workers;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Writes one bundle that does more than append events.</summary>
internal static class Bundles
{
    private static readonly Sql SelectGuard = new("SELECT owner, term, events, inbox, phase FROM perdure_run WHERE key = ?1");

    /// <summary>Writes the bundle, or says why it does not fit. After a refusal the transaction must not be committed.</summary>
    public static RefusalReason? Write(in WriteScope write, HistoryEnds ends, HeldQueues? held, long worker, RunBundle bundle, ref BundleOutcome outcome)
    {
        if (bundle.Birth is { } birth) return WriteBirth(write, held, worker, bundle, birth, ref outcome);
        if (!bundle.WritesRow()) return WriteBeside(write, ends, held, worker, bundle, ref outcome);

        var db = write.Db;
        var row = db.Use(SelectGuard).Bind(1, bundle.Run);
        if (!row.Read()) return RefusalReason.NotOwned;
        var (owner, term, events, inbox, phase) = (row.Int64(0), row.Int32(1), row.Int32(2), row.Int64(3), (RunPhase)row.Int32(4));
        row.Reset();

        if (owner != worker || term != bundle.Term || !HasEvents(db, ends, bundle, events)) return RefusalReason.NotOwned;
        if (bundle.RequireSeen && inbox != bundle.Seen) return RefusalReason.UnreadMessages;
        if (CheckTimeAndTasks(write, held, worker, bundle) is { } reason) return reason;

        var unknown = FindUnknown(db, bundle);
        inbox += unknown?.Count ?? 0;
        var closes = bundle.Close is not null && inbox == bundle.Seen;
        if (!AppendEvents(db, bundle, closes)) return RefusalReason.NotOwned;
        var cancelled = WriteTasks(write, worker, bundle, unknown);
        var releases = bundle.Release && !closes && inbox == bundle.Seen;
        RunUpdates.Write(write, worker, bundle, inbox, phase, closes, releases);
        outcome = outcome with { Inbox = inbox, Closed = closes, Released = releases, CancelledTasks = cancelled, ExpiredRequests = WriteRequests(write, bundle, closes) };
        return null;
    }

    private static RefusalReason? WriteBirth(in WriteScope write, HeldQueues? held, long worker, RunBundle bundle, RunBirth birth, ref BundleOutcome outcome)
    {
        if (bundle.Owned)
        {
            if (bundle.BaseSequence != birth.Events.End || !Follows(bundle)) return RefusalReason.NotOwned;
            if (CheckTimeAndTasks(write, held, worker, bundle) is { } reason) return reason;
        }
        var unknown = bundle.Owned ? FindUnknown(write.Db, bundle) : null;
        var inbox = (long)(unknown?.Count ?? 0);
        var closes = bundle.Owned && bundle.Close is not null && bundle.Seen == inbox;
        var events = bundle.Owned ? Joined.Batch(birth.Events, bundle.Events, closes ? bundle.Close!.Event : default) : birth.Events;
        outcome = outcome with { Birth = Births.Give(write.Db, birth, bundle.Owned ? worker : 0, events, write.Now, out var isNew) };
        // A start that was sent twice finds its run as it is now; what came with it was written the first time.
        if (!isNew || !bundle.Owned) return null;

        var cancelled = WriteTasks(write, worker, bundle, unknown);
        var releases = bundle.Release && !closes && bundle.Seen == inbox;
        if (closes || releases || bundle.Row is not null || bundle.Data is not null)
            RunUpdates.Write(write, worker, bundle, inbox, RunPhase.Normal, closes, releases);
        outcome = outcome with { Inbox = inbox, Closed = closes, Released = releases, CancelledTasks = cancelled, ExpiredRequests = WriteRequests(write, bundle, closes) };
        return null;
    }

    private static List<int>? WriteRequests(in WriteScope write, RunBundle bundle, bool closes)
    {
        if (bundle.Requests is not { } changes) return null;
        var expired = RequestRows.Write(write.Db, bundle.Run, changes, write.Now);
        if (closes) RequestRows.WithdrawAll(write.Db, bundle.Run);
        return expired;
    }

    /// <summary>Events and tasks: beside the row, which stays as it is.</summary>
    private static RefusalReason? WriteBeside(in WriteScope write, HistoryEnds ends, HeldQueues? held, long worker, RunBundle bundle, ref BundleOutcome outcome)
    {
        if (!ends.IsAt(write.Db, bundle.Run, bundle.BaseSequence)) return RefusalReason.NotOwned;
        if (held?.Refuse(bundle) == true) return RefusalReason.QueueHeld;
        if (!AppendEvents(write.Db, bundle, closes: false)) return RefusalReason.NotOwned;
        outcome = outcome with { CancelledTasks = WriteTasks(write, worker, bundle, unknown: null) };
        return null;
    }

    /// <summary>Whether the run has exactly the events that its owner believes to be confirmed.</summary>
    private static bool HasEvents(Connection db, HistoryEnds ends, RunBundle bundle, int known)
    {
        if (!Follows(bundle)) return false;
        // The row may lag behind events that were only appended. If it does not, the unique sequence of a new event settles it.
        return (known == bundle.BaseSequence && bundle.Events.Count > 0) || ends.IsAt(db, bundle.Run, bundle.BaseSequence);
    }

    private static bool Follows(RunBundle bundle) => bundle.Events.Count == 0 || bundle.Events.FirstSequence == bundle.BaseSequence;

    private static RefusalReason? CheckTimeAndTasks(in WriteScope write, HeldQueues? held, long worker, RunBundle bundle)
    {
        if (bundle.NotBefore > write.Now) return RefusalReason.TooEarly;
        foreach (var attempt in bundle.EndedTasks)
        {
            if (!TaskRows.IsCurrent(write.Db, worker, attempt)) return RefusalReason.StaleTask;
        }
        return held?.Refuse(bundle) == true ? RefusalReason.QueueHeld : null;
    }

    private static bool AppendEvents(Connection db, RunBundle bundle, bool closes)
    {
        var events = closes ? Joined.Batch(bundle.Events, bundle.Close!.Event) : bundle.Events;
        return events.Count == 0 || EventLog.TryAppend(db, bundle.Run, events);
    }

    /// <summary>New tasks that no worker has code for; null for none.</summary>
    private static List<NewTask>? FindUnknown(Connection db, RunBundle bundle)
    {
        List<NewTask>? unknown = null;
        foreach (var task in bundle.NewTasks)
        {
            if (!KnownActivities.Contain(db, task)) (unknown ??= []).Add(task);
        }
        return unknown;
    }

    private static List<int>? WriteTasks(in WriteScope write, long worker, RunBundle bundle, List<NewTask>? unknown)
    {
        var db = write.Db;
        foreach (var attempt in bundle.EndedTasks) TaskRows.Delete(db, attempt.Run, attempt.Operation);
        foreach (var task in bundle.NewTasks)
        {
            if (unknown?.Contains(task) == true) Posts.PostToOwned(db, bundle.Run, task.IfUnknown!, task.Operation, write.Now);
            else TaskRows.Insert(db, bundle.Run, task, task.Claimed ? worker : 0);
        }
        return bundle.CancelTasks.Count == 0 ? null : TaskRows.Cancel(db, bundle.Run, bundle.CancelTasks);
    }
}
