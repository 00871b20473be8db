using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Reading;

/// <summary>A borrowed read connection.</summary>
internal readonly ref struct ReadScope(ReaderPool pool, Connection db)
{
    public Connection Db { get; } = db;

    public void Dispose() => pool.Return(Db);
}
