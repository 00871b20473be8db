using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Reading;

namespace Perdure.PostgreSql.Journal;

/// <summary>How long start keys belong to their runs, of the few births that say it, column by column as the server takes it.</summary>
internal sealed class KeyColumns
{
    private readonly List<string?> _keys = [];
    private readonly List<long> _runs = [];
    private readonly List<long> _freeAt = [];

    public bool IsEmpty => _runs.Count == 0;

    public void Add(RunBundle bundle)
    {
        if (bundle.Birth is { } birth) Add(birth);
        for (var i = 0; i < bundle.Children.Count; i++) Add(bundle.Children[i].Birth);
    }

    public void Add(RunBirth birth)
    {
        if (birth.StartKey is null || birth.KeyFreeAt.IsNever) return;
        _keys.Add(FreeText.Write(birth.StartKey));
        _runs.Add(birth.Key);
        _freeAt.Add(birth.KeyFreeAt.Micros);
    }

    public void Clear()
    {
        if (IsEmpty) return;
        _keys.Clear();
        _runs.Clear();
        _freeAt.Clear();
    }

    /// <summary>The statement that writes them, behind whatever creates the rows.</summary>
    public static string Text(Database database) => database.Sql("SELECT {schema}.write_key_lifetimes($1, $2, $3)");

    public void Give(Question question) => question.Give(_keys).Give(_runs).Give(_freeAt);
}
