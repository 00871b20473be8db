using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Tasks;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Queues;

/// <summary>Takes tasks off their queues from outside.</summary>
internal sealed class TaskWithdrawals(Writer writer, ReaderPool readers)
{
    private static readonly Sql SelectWaiting = new("""
        SELECT run, op, token, activity FROM perdure_task INDEXED BY perdure_task_due
        WHERE queue = ?1 AND owner = 0 AND due_at <= ?2 AND (run, op) < (?3, ?4) ORDER BY run DESC, op DESC LIMIT ?5
        """);

    public IReadOnlyList<QueuedTask> List(TaskQuery query, Instant now)
    {
        using var read = readers.Rent("list tasks");
        var rows = read.Db.Use(SelectWaiting).Bind(1, query.Queue).Bind(2, now.Micros)
            .Bind(3, query.After?.Run ?? long.MaxValue).Bind(4, query.After?.Operation ?? int.MaxValue).Bind(5, query.Limit);
        var waiting = new List<QueuedTask>();
        while (rows.Read()) waiting.Add(new(new(rows.Int64(0), rows.Int32(1), rows.Int64(2)), rows.Text(3)));
        return waiting;
    }

    public IReadOnlyList<bool> Withdraw(IReadOnlyList<TaskCompletion> withdrawals)
    {
        using var write = writer.Begin("withdraw tasks");
        var done = new bool[withdrawals.Count];
        for (var i = 0; i < done.Length; i++)
        {
            var (attempt, result) = withdrawals[i];
            if (!TaskRows.IsCurrent(write.Db, worker: 0, attempt))
            {
                done[i] = Posts.Has(write.Db, attempt.Run, result.Id);
                continue;
            }
            TaskRows.Delete(write.Db, attempt.Run, attempt.Operation);
            Posts.PostResult(write.Db, attempt, result, write.Now);
            done[i] = true;
        }
        write.Commit();
        return done;
    }
}
