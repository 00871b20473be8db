using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>What a group does to the requests of its runs, column by column as the server takes it.</summary>
internal sealed class RequestColumns
{
    private readonly List<long> _withdrawnRuns = [];
    private readonly List<int> _withdrawnOperations = [];
    private readonly List<long> _expiringRuns = [];
    private readonly List<int> _expiringOperations = [];
    private readonly List<long> _runs = [];
    private readonly List<int> _operations = [];
    private readonly List<int> _numbers = [];
    private readonly List<int> _kinds = [];
    private readonly List<string?> _names = [];
    private readonly List<ReadOnlyMemory<byte>> _tokens = [];
    private readonly List<long> _expiries = [];
    private readonly List<int> _maxAnswers = [];
    private readonly List<string?> _assignees = [];
    private readonly List<ReadOnlyMemory<byte>> _descriptions = [];
    private readonly List<long> _closing = [];
    private readonly List<long> _movingRuns = [];
    private readonly List<int> _movingOperations = [];
    private readonly List<long> _successors = [];
    private readonly List<int> _newOperations = [];

    public bool IsEmpty { get; private set; } = true;

    /// <summary>Whether requests go to runs that go on in others' places.</summary>
    public bool HasMoves => _movingRuns.Count > 0;

    public void Add(RunBundle bundle)
    {
        if (bundle.Requests is not { } changes) return;
        IsEmpty = false;
        foreach (var operation in changes.Withdrawn)
        {
            _withdrawnRuns.Add(bundle.Run);
            _withdrawnOperations.Add(operation);
        }
        foreach (var operation in changes.Expiring)
        {
            _expiringRuns.Add(bundle.Run);
            _expiringOperations.Add(operation);
        }
        foreach (var request in changes.Opened) Add(bundle.Run, request);
        if (bundle.Close is not { } close) return;
        _closing.Add(bundle.Run);
        foreach (var move in close.Moved)
        {
            _movingRuns.Add(bundle.Run);
            _movingOperations.Add(move.From);
            _successors.Add(close.Successor!.Key);
            _newOperations.Add(move.To);
        }
    }

    public void Clear()
    {
        if (IsEmpty) return;
        IsEmpty = true;
        _withdrawnRuns.Clear();
        _withdrawnOperations.Clear();
        _expiringRuns.Clear();
        _expiringOperations.Clear();
        _runs.Clear();
        _operations.Clear();
        _numbers.Clear();
        _kinds.Clear();
        _names.Clear();
        _tokens.Clear();
        _expiries.Clear();
        _maxAnswers.Clear();
        _assignees.Clear();
        _descriptions.Clear();
        _closing.Clear();
        _movingRuns.Clear();
        _movingOperations.Clear();
        _successors.Clear();
        _newOperations.Clear();
    }

    /// <summary>The parameters, in the order of the function.</summary>
    public void Give(Question question) => question
        .Give(_withdrawnRuns).Give(_withdrawnOperations).Give(_expiringRuns).Give(_expiringOperations)
        .Give(_runs).Give(_operations).Give(_numbers).Give(_kinds).Give(_names).Give(_tokens).Give(_expiries).Give(_maxAnswers)
        .Give(_assignees).Give(_descriptions).Give(_closing);

    public void GiveMoves(Question question) => question.Give(_movingRuns).Give(_movingOperations).Give(_successors).Give(_newOperations);

    private void Add(long run, NewRequest request)
    {
        _runs.Add(run);
        _operations.Add(request.Operation);
        _numbers.Add(request.Number);
        _kinds.Add((int)request.Kind);
        _names.Add(request.Name);
        _tokens.Add(request.TokenHash);
        _expiries.Add(request.ExpiresAt.Micros);
        _maxAnswers.Add(request.MaxAnswers);
        _assignees.Add(FreeText.Write(request.Assignee));
        _descriptions.Add(request.Description);
    }
}
