using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;

namespace Perdure.Sqlite.Messages;

/// <summary>Reads what has arrived for runs, together with the counters that belong to it.</summary>
internal sealed class Inboxes(ReaderPool readers)
{
    private static readonly Sql Select = new("SELECT pos, id, kind, name, payload, at FROM perdure_message WHERE run = ?1 ORDER BY pos");
    private static readonly Sql Counter = new("SELECT inbox FROM perdure_run WHERE key = ?1 AND owner = ?2");

    // Runs with unread messages are few: leap from one to the next, over all messages that a run has.
    private static readonly Sql Waiting = new("""
        WITH RECURSIVE waiting(run) AS (
            SELECT min(run) FROM perdure_message
            UNION ALL
            SELECT (SELECT min(m.run) FROM perdure_message AS m WHERE m.run > waiting.run) FROM waiting WHERE waiting.run IS NOT NULL)
        SELECT waiting.run FROM waiting CROSS JOIN perdure_run AS r ON r.key = waiting.run WHERE r.owner = ?1 ORDER BY waiting.run
        """);

    public IReadOnlyList<Inbox> ReadOwned(long worker, IReadOnlyList<long>? runs)
    {
        using var read = readers.Rent("read messages");
        var inboxes = new List<Inbox>();
        foreach (var run in FindWaiting(read.Db, worker, runs))
        {
            var counter = read.Db.Use(Counter).Bind(1, run).Bind(2, worker).Scalar(otherwise: -1);
            if (counter < 0) continue;
            var messages = Read(read.Db, run);
            if (messages.Count > 0) inboxes.Add(new(run, counter, messages));
        }
        return inboxes;
    }

    /// <summary>All stored messages of a run, by position.</summary>
    public static IReadOnlyList<InboxMessage> Read(Connection db, long run)
    {
        List<InboxMessage>? messages = null;
        var rows = db.Use(Select).Bind(1, run);
        while (rows.Read())
        {
            messages ??= [];
            messages.Add(new(rows.Int64(0), rows.Text(1), (MessageKind)rows.Int32(2), rows.Text(3), rows.Bytes(4), rows.Instant(5)));
        }
        return messages is null ? [] : messages;
    }

    private static IReadOnlyCollection<long> FindWaiting(Connection db, long worker, IReadOnlyList<long>? asked)
    {
        if (asked is not null) return new SortedSet<long>(asked);
        var runs = new List<long>();
        var rows = db.Use(Waiting).Bind(1, worker);
        while (rows.Read()) runs.Add(rows.Int64(0));
        return runs;
    }
}
