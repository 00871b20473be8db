using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>The data of runs that changed it, column by column as the server takes them.</summary>
internal sealed class DataColumns
{
    private readonly List<long> _runs = [];
    private readonly List<ReadOnlyMemory<byte>> _data = [];

    public bool IsEmpty => _runs.Count == 0;

    public void Add(RunBundle bundle)
    {
        if (bundle.Data is not { } data) return;
        _runs.Add(bundle.Run);
        _data.Add(data);
    }

    public void Clear()
    {
        if (IsEmpty) return;
        _runs.Clear();
        _data.Clear();
    }

    public void Give(Question question) => question.Give(_runs).Give(_data);
}
