using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Queues;

/// <summary>The rules of queues, as one transaction finds them. Few queues have one, most databases none.</summary>
internal sealed class QueueRules
{
    private static readonly Sql SelectAll = new("SELECT name, paused, max_concurrency, max_per_key, age_after FROM perdure_queue");

    private readonly Dictionary<string, QueueRule> _rules = new(StringComparer.Ordinal);

    private QueueRules() { }

    public IReadOnlyDictionary<string, QueueRule> All => _rules;

    /// <summary>All rules; null for none.</summary>
    public static QueueRules? Read(Connection db)
    {
        QueueRules? rules = null;
        var rows = db.Use(SelectAll);
        while (rows.Read())
            (rules ??= new QueueRules())._rules.Add(rows.Text(0), new(rows.Int32(1) == 1, rows.Int32(2), rows.Int32(3), TimeSpan.FromMicroseconds(rows.Int64(4))));
        return rules;
    }

    /// <summary>The rule of a queue; null for none.</summary>
    public QueueRule? Find(string queue) => _rules.GetValueOrDefault(queue);
}
