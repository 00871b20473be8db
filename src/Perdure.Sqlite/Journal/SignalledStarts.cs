using Perdure.Sqlite.Messages;
using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Journal;

/// <summary>Starts that bring a signal along: the run that is there gets it, or the run that is made.</summary>
internal sealed class SignalledStarts(Writer writer)
{
    private static readonly Sql ByStartKey = new("""
        SELECT r.key, r.id, r.status FROM perdure_start_key AS k CROSS JOIN perdure_run AS r ON r.key = k.run
        WHERE k.key = ?1 AND r.workflow = ?2 AND r.key <> ?3 AND r.status < 10 AND (k.free_at IS NULL OR k.free_at > ?4)
        """);

    private static readonly Sql ById = new("SELECT key, id, status FROM perdure_run WHERE id = ?1 AND workflow = ?2 AND key <> ?3 AND status < 10");

    public SignalledStart Start(RunBirth birth, OutgoingMessage signal)
    {
        using var write = writer.Begin("start a run with a signal");
        var outcome = Holder(write.Db, birth, write.Now) ?? Births.Give(write.Db, birth, owner: 0, birth.Events, write.Now, out _);
        var canSend = outcome is { Verdict: BirthVerdict.Created or BirthVerdict.Existing, Status: not null };
        var answer = new SignalledStart(outcome, canSend ? Posts.PostTo(write.Db, outcome.Key, signal, write.Now) : null);
        write.Commit();
        return answer;
    }

    /// <summary>The live run of the same workflow that holds the key or the chosen id, made by another start.</summary>
    private static BirthOutcome? Holder(Connection db, RunBirth birth, Instant now)
    {
        if (birth.StartKey is null && !birth.ChosenId) return null;
        var row = (birth.StartKey is { } key ? db.Use(ByStartKey).Bind(1, key).Bind(4, now.Micros) : db.Use(ById).Bind(1, birth.Id)).Bind(2, birth.Workflow).Bind(3, birth.Key);
        if (!row.Read()) return null;
        var holder = new BirthOutcome(BirthVerdict.Existing, row.Int64(0), row.Text(1), (RunStatus)row.Int32(2));
        row.Reset();
        return holder;
    }
}
