using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>What a group does to tasks and messages, column by column as the server takes it.</summary>
internal sealed class TaskColumns
{
    /// <summary>How many parameters <see cref="Give"/> gives.</summary>
    public const int Parameters = 25;

    private readonly List<long> _endedRuns = [];
    private readonly List<int> _endedOperations = [];
    private readonly List<long> _endedTokens = [];
    private readonly List<long> _cancelledRuns = [];
    private readonly List<int> _cancelledOperations = [];
    private readonly List<long> _consumedRuns = [];
    private readonly List<long> _consumedPositions = [];
    private readonly List<long> _runs = [];
    private readonly List<int> _operations = [];
    private readonly List<string?> _activities = [];
    private readonly List<string?> _queues = [];
    private readonly List<int> _priorities = [];
    private readonly List<long> _dues = [];
    private readonly List<long> _closeDeadlines = [];
    private readonly List<long> _expiries = [];
    private readonly List<long> _owners = [];
    private readonly List<long> _tokens = [];
    private readonly List<long> _used = [];
    private readonly List<ReadOnlyMemory<byte>> _options = [];
    private readonly List<ReadOnlyMemory<byte>> _details = [];
    private readonly List<ReadOnlyMemory<byte>> _inputs = [];
    private readonly List<string?> _unknownIds = [];
    private readonly List<int> _unknownKinds = [];
    private readonly List<string?> _unknownNames = [];
    private readonly List<ReadOnlyMemory<byte>> _unknownPayloads = [];

    public bool IsEmpty => _endedRuns.Count + _cancelledRuns.Count + _consumedRuns.Count + _runs.Count == 0;

    public void Add(RunBundle bundle, long worker)
    {
        for (var i = 0; i < bundle.EndedTasks.Count; i++)
        {
            var ended = bundle.EndedTasks[i];
            _endedRuns.Add(ended.Run);
            _endedOperations.Add(ended.Operation);
            _endedTokens.Add(ended.Token);
        }
        for (var i = 0; i < bundle.CancelTasks.Count; i++)
        {
            _cancelledRuns.Add(bundle.Run);
            _cancelledOperations.Add(bundle.CancelTasks[i]);
        }
        for (var i = 0; i < bundle.Consumed.Count; i++)
        {
            _consumedRuns.Add(bundle.Run);
            _consumedPositions.Add(bundle.Consumed[i]);
        }
        for (var i = 0; i < bundle.NewTasks.Count; i++) Add(bundle.Run, bundle.NewTasks[i], worker);
    }

    public void Clear()
    {
        if (IsEmpty) return;
        _endedRuns.Clear();
        _endedOperations.Clear();
        _endedTokens.Clear();
        _cancelledRuns.Clear();
        _cancelledOperations.Clear();
        _consumedRuns.Clear();
        _consumedPositions.Clear();
        _runs.Clear();
        _operations.Clear();
        _activities.Clear();
        _queues.Clear();
        _priorities.Clear();
        _dues.Clear();
        _closeDeadlines.Clear();
        _expiries.Clear();
        _owners.Clear();
        _tokens.Clear();
        _used.Clear();
        _options.Clear();
        _details.Clear();
        _inputs.Clear();
        _unknownIds.Clear();
        _unknownKinds.Clear();
        _unknownNames.Clear();
        _unknownPayloads.Clear();
    }

    /// <summary>The parameters, in the order of the function.</summary>
    public void Give(Question question) => question
        .Give(_endedRuns).Give(_endedOperations).Give(_endedTokens).Give(_cancelledRuns).Give(_cancelledOperations).Give(_consumedRuns).Give(_consumedPositions)
        .Give(_runs).Give(_operations).Give(_activities).Give(_queues).Give(_priorities).Give(_dues).Give(_closeDeadlines)
        .Give(_expiries).Give(_owners).Give(_tokens).Give(_used).Give(_options).Give(_details).Give(_inputs)
        .Give(_unknownIds).Give(_unknownKinds).Give(_unknownNames).Give(_unknownPayloads);

    private void Add(long run, NewTask task, long worker)
    {
        _runs.Add(run);
        _operations.Add(task.Operation);
        _activities.Add(task.Activity);
        _queues.Add(task.Queue);
        _priorities.Add(task.Priority);
        _dues.Add(task.DueAt.Micros);
        _closeDeadlines.Add(task.CloseDeadline.Micros);
        _expiries.Add(Instant.Min(task.StartDeadline, task.CloseDeadline).Micros);
        _owners.Add(task.Claimed ? worker : 0);
        _tokens.Add(task.TokensUsed + (task.Claimed ? 1 : 0));
        _used.Add(task.AttemptsUsed - task.TokensUsed);
        _options.Add(task.Options);
        _details.Add(task.Details);
        _inputs.Add(task.Input);
        _unknownIds.Add(task.IfUnknown?.Id);
        _unknownKinds.Add((int)(task.IfUnknown?.Kind ?? default));
        _unknownNames.Add(task.IfUnknown?.Name);
        _unknownPayloads.Add(task.IfUnknown?.Payload ?? default);
    }
}
