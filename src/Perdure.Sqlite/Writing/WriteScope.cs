using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Writing;

/// <summary>A write transaction. What is not committed when it is disposed is rolled back.</summary>
internal readonly ref struct WriteScope(Writer writer, Connection db, Instant now)
{
    public Connection Db { get; } = db;

    /// <summary>The store's clock at the beginning of the transaction.</summary>
    public Instant Now { get; } = now;

    public void Commit() => writer.Commit();

    public void Dispose() => writer.End();
}
