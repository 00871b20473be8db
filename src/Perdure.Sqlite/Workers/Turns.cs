using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Workers;

/// <summary>Turns at what one process shall do now and then.</summary>
internal sealed class Turns(Writer writer)
{
    private static readonly Sql TakeSql = new("""
        INSERT INTO perdure_counter(name, value) VALUES('turn:' || ?1, ?2)
        ON CONFLICT(name) DO UPDATE SET value = excluded.value WHERE value <= ?3
        """);

    public bool Take(string work, TimeSpan every)
    {
        using var write = writer.Begin("take a turn");
        var taken = write.Db.Use(TakeSql).Bind(1, work).Bind(2, write.Now.Micros).Bind(3, write.Now.Add(-every).Micros).Run() > 0;
        write.Commit();
        return taken;
    }
}
