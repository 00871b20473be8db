namespace Perdure.Storage.Memory;

/// <summary>The rules of queues. A queue without one is not here.</summary>
internal sealed class QueueTable(RowWatch? watch)
{
    private readonly SortedDictionary<string, QueueRule> _rules = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, QueueRule> All => _rules;

    /// <summary>How often rules were changed.</summary>
    public long Revision { get; set; }

    public QueueRule? Find(string queue) => _rules.Count == 0 ? null : _rules.GetValueOrDefault(queue);

    public QueueRule RuleOf(string queue) => Find(queue) ?? QueueRule.None;

    public void Set(string queue, QueueRule rule)
    {
        if (rule == QueueRule.None) _rules.Remove(queue);
        else _rules[queue] = rule;
        watch?.ChangedQueues();
    }
}
