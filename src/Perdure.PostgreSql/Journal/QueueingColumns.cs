using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Reading;

namespace Perdure.PostgreSql.Journal;

/// <summary>
/// What few births and new tasks say, column by column as the server takes it: to the limits of their queues, and to which build a run is pinned.
/// </summary>
internal sealed class QueueingColumns
{
    private readonly List<long> _runs = [];
    private readonly List<string?> _keys = [];
    private readonly List<long> _startDeadlines = [];
    private readonly List<string?> _builds = [];
    private readonly List<long> _taskRuns = [];
    private readonly List<int> _taskOperations = [];
    private readonly List<string?> _taskKeys = [];

    public bool IsEmpty => _runs.Count + _taskRuns.Count == 0;

    public void Add(RunBundle bundle)
    {
        if (bundle.Birth is { } birth) Add(birth);
        for (var i = 0; i < bundle.Children.Count; i++) Add(bundle.Children[i].Birth);
        if (bundle.Close is { Successor: { } successor }) Add(successor);
        for (var i = 0; i < bundle.NewTasks.Count; i++)
        {
            if (bundle.NewTasks[i] is not { ConcurrencyKey: { } key } task) continue;
            _taskRuns.Add(bundle.Run);
            _taskOperations.Add(task.Operation);
            _taskKeys.Add(FreeText.Write(key));
        }
    }

    public void Add(RunBirth birth)
    {
        if (birth.ConcurrencyKey is null && birth.Build is null && birth.StartDeadline.IsNever) return;
        _runs.Add(birth.Key);
        _keys.Add(FreeText.Write(birth.ConcurrencyKey));
        _startDeadlines.Add(birth.StartDeadline.Micros);
        _builds.Add(birth.Build);
    }

    public void Clear()
    {
        if (IsEmpty) return;
        _runs.Clear();
        _keys.Clear();
        _startDeadlines.Clear();
        _builds.Clear();
        _taskRuns.Clear();
        _taskOperations.Clear();
        _taskKeys.Clear();
    }

    /// <summary>The statement that writes them, behind whatever creates the rows.</summary>
    public static string Text(Database database) => database.Sql("SELECT {schema}.write_queueing($1, $2, $3, $4, $5, $6, $7)");

    public void Give(Question question) => question.Give(_runs).Give(_keys).Give(_startDeadlines).Give(_builds).Give(_taskRuns).Give(_taskOperations).Give(_taskKeys);
}
