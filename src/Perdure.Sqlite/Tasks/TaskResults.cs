using Perdure.Sqlite.Journal;
using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Tasks;

/// <summary>Ends attempts, and keeps running ones informed.</summary>
internal sealed class TaskResults(Writer writer)
{
    private static readonly Sql SaveDetails = new("""
        UPDATE perdure_task SET details = ?5 WHERE run = ?1 AND op = ?2 AND owner = ?3 AND token = ?4
        """);

    private static readonly Sql Cancelled = new("""
        SELECT cancelled FROM perdure_task WHERE run = ?1 AND op = ?2 AND owner = ?3 AND token = ?4
        """);

    public TaskReport Complete(LaneStamp stamp, IReadOnlyList<TaskCompletion> completions)
    {
        using var write = writer.Begin("complete tasks");
        if (!Lanes.TryPass(write.Db, stamp)) return new(Fenced: true, []);
        var accepted = new bool[completions.Count];
        for (var i = 0; i < accepted.Length; i++)
        {
            var (attempt, result) = completions[i];
            if (!TaskRows.IsCurrent(write.Db, stamp.Worker, attempt)) continue;
            accepted[i] = true;
            TaskRows.Delete(write.Db, attempt.Run, attempt.Operation);
            Posts.PostResult(write.Db, attempt, result, write.Now);
        }
        write.Commit();
        return new(Fenced: false, accepted);
    }

    public TaskPulse Beat(long worker, IReadOnlyList<TaskBeat> beats)
    {
        using var write = writer.Begin("store heartbeats");
        var stop = new List<TaskAttempt>();
        var changed = false;
        foreach (var (attempt, details) in beats)
        {
            var cancelled = write.Db.Use(Cancelled).Bind(1, attempt.Run).Bind(2, attempt.Operation).Bind(3, worker).Bind(4, attempt.Token)
                .Scalar(otherwise: 1);
            if (cancelled != 0) stop.Add(attempt);
            if (details.IsEmpty) continue;
            changed |= write.Db.Use(SaveDetails).Bind(1, attempt.Run).Bind(2, attempt.Operation).Bind(3, worker).Bind(4, attempt.Token)
                .Bind(5, details).Run() > 0;
        }
        if (changed) write.Commit();
        return new(stop);
    }
}
