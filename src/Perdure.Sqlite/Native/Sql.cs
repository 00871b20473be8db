namespace Perdure.Sqlite.Native;

/// <summary>
/// The text of a statement that is prepared once per connection and reused for ever. Each text has a slot of its own, so that finding the
/// prepared statement is an array access. Texts are constants: values are always bound.
/// </summary>
internal sealed class Sql(string text)
{
    private static int _slots;

    public string Text { get; } = text;

    public int Slot { get; } = Interlocked.Increment(ref _slots) - 1;
}
