using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Tasks;

/// <summary>The rows of tasks, as the owner of their run writes them.</summary>
internal static class TaskRows
{
    private static readonly Sql InsertTask = new("""
        INSERT INTO perdure_task(run, op, activity, queue, priority, due_at, owner, token, claim, used, crashes, cancelled, expired,
            start_deadline, close_deadline, expires_at, options, details, input)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, 0, 0, 0, ?10, ?11, ?12, ?13, ?14, ?15)
        """);

    private static readonly Sql WriteKey = new("UPDATE perdure_task SET concurrency_key = ?3 WHERE run = ?1 AND op = ?2");

    private static readonly Sql Current = new("SELECT 1 FROM perdure_task WHERE run = ?1 AND op = ?2 AND owner = ?3 AND token = ?4");
    private static readonly Sql DeleteOne = new("DELETE FROM perdure_task WHERE run = ?1 AND op = ?2");
    private static readonly Sql DeleteQueued = new("DELETE FROM perdure_task WHERE run = ?1 AND op = ?2 AND owner = 0");
    private static readonly Sql TellToStop = new("UPDATE perdure_task SET cancelled = 1 WHERE run = ?1 AND op = ?2");
    private static readonly Sql HasResult = new("SELECT count(*) FROM perdure_message WHERE run = ?1 AND op = ?2");
    private static readonly Sql DeleteOfRun = new("DELETE FROM perdure_task WHERE run = ?1");

    /// <summary>Whether an attempt of <paramref name="worker"/> is the task's current one.</summary>
    public static bool IsCurrent(Connection db, long worker, TaskAttempt attempt) =>
        db.Use(Current).Bind(1, attempt.Run).Bind(2, attempt.Operation).Bind(3, worker).Bind(4, attempt.Token).Scalar() == 1;

    /// <summary>Puts a task on its queue; with an <paramref name="owner"/> it is taken already.</summary>
    public static void Insert(Connection db, long run, NewTask task, long owner)
    {
        db.Use(InsertTask)
            .Bind(1, run).Bind(2, task.Operation).Bind(3, task.Activity).Bind(4, task.Queue).Bind(5, task.Priority).Bind(6, task.DueAt.Micros)
            .Bind(7, owner).Bind(8, task.TokensUsed + (owner == 0 ? 0 : 1)).Bind(9, task.AttemptsUsed - task.TokensUsed)
            .BindUnlessNever(10, task.StartDeadline).BindUnlessNever(11, task.CloseDeadline)
            .BindUnlessNever(12, Instant.Min(task.StartDeadline, task.CloseDeadline))
            .Bind(13, task.Options).Bind(14, task.Details).Bind(15, task.Input)
            .Do();
        if (task.ConcurrencyKey is { } key) db.Use(WriteKey).Bind(1, run).Bind(2, task.Operation).Bind(3, key).Do();
    }

    public static void Delete(Connection db, long run, int operation) => db.Use(DeleteOne).Bind(1, run).Bind(2, operation).Do();

    public static void DeleteAll(Connection db, long run) => db.Use(DeleteOfRun).Bind(1, run).Do();

    /// <summary>Removes queued tasks, whose operations are answered, and tells running ones to stop.</summary>
    public static List<int> Cancel(Connection db, long run, IReadOnlyList<int> operations)
    {
        var removed = new List<int>();
        foreach (var operation in operations)
        {
            if (db.Use(DeleteQueued).Bind(1, run).Bind(2, operation).Run() > 0) removed.Add(operation);
            else if (db.Use(TellToStop).Bind(1, run).Bind(2, operation).Run() == 0 && db.Use(HasResult).Bind(1, run).Bind(2, operation).Scalar() == 0)
            {
                // Removed by an earlier request whose answer nobody has used.
                removed.Add(operation);
            }
        }
        return removed;
    }
}
