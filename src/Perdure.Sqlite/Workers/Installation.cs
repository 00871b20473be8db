using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Workers;

/// <summary>What the installation keeps for all processes: written once, read for ever.</summary>
internal sealed class Installation(Writer writer, ReaderPool readers)
{
    private static readonly Sql Select = new("SELECT value FROM perdure_installation WHERE name = ?1");
    private static readonly Sql Insert = new("INSERT INTO perdure_installation(name, value) VALUES(?1, ?2) ON CONFLICT(name) DO NOTHING");

    public ReadOnlyMemory<byte> Keep(string name, ReadOnlyMemory<byte> value)
    {
        using (var read = readers.Rent("read what the installation keeps"))
            if (Find(read.Db, name) is { } kept) return kept;
        using var write = writer.Begin("keep something for the installation");
        write.Db.Use(Insert).Bind(1, name).Bind(2, value).Do();
        var winner = Find(write.Db, name)!.Value;
        write.Commit();
        return winner;
    }

    private static ReadOnlyMemory<byte>? Find(Connection db, string name)
    {
        var row = db.Use(Select).Bind(1, name);
        if (!row.Read()) return null;
        var value = row.Bytes(0);
        row.Reset();
        return value;
    }
}
