using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>How many signals the runs of a group have taken: told behind the group, in a statement that most groups do not need.</summary>
internal sealed class SignalColumns
{
    private readonly List<long> _runs = [];
    private readonly List<int> _taken = [];

    public bool IsEmpty => _runs.Count == 0;

    public void Add(RunBundle bundle)
    {
        if (bundle.SignalsTaken == 0) return;
        _runs.Add(bundle.Run);
        _taken.Add(bundle.SignalsTaken);
    }

    public void Clear()
    {
        _runs.Clear();
        _taken.Clear();
    }

    public void Give(Question question) => question.Give(_runs).Give(_taken);
}
