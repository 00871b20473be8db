namespace Perdure.Client;

/// <summary>Counts what becomes of many runs. Not thread safe.</summary>
internal sealed class BulkTally
{
    private const int FirstShown = 20;
    private const int ProblemsShown = 100;

    private readonly List<string> _first = [];
    private readonly SortedDictionary<string, int> _skipped = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _failed = new(StringComparer.Ordinal);
    private readonly List<BulkProblem> _problems = [];
    private int _done;

    /// <summary>How many runs it has come to.</summary>
    public int Found { get; private set; }

    public void Find(string run)
    {
        Found++;
        if (_first.Count < FirstShown) _first.Add(run);
    }

    public void Do() => _done++;

    public void Skip(string run, string reason, string detail) => Note(_skipped, run, reason, detail);

    public void Fail(string run, string reason, string detail) => Note(_failed, run, reason, detail);

    /// <param name="found">Of a look: how many there are in all.</param>
    public BulkReport Report(int? found = null) => new()
    {
        DryRun = found is not null, Found = found ?? Found, First = [.. _first], Done = _done, Skipped = new Dictionary<string, int>(_skipped), Failed = new Dictionary<string, int>(_failed),
        Problems = [.. _problems],
    };

    private void Note(SortedDictionary<string, int> counts, string run, string reason, string detail)
    {
        counts[reason] = counts.GetValueOrDefault(reason) + 1;
        if (_problems.Count < ProblemsShown) _problems.Add(new BulkProblem(run, reason, detail));
    }
}
