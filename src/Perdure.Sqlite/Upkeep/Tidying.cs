using Perdure.Sqlite.Native;
using Perdure.Sqlite.Writing;

namespace Perdure.Sqlite.Upkeep;

/// <summary>Looks whether the file is sound, and gives back what deleted runs have left empty in it.</summary>
internal sealed class Tidying(Writer writer, string path, TimeSpan busyTimeout)
{
    private const int MostProblems = 100;

    /// <summary>What SQLite finds wrong with the file.</summary>
    /// <exception cref="StoreException">The file is no database, or cannot be read.</exception>
    public IReadOnlyList<string> FindProblems()
    {
        using var db = Open("check the database");
        var problems = new List<string>();
        using var check = db.Prepare($"PRAGMA integrity_check({MostProblems})");
        try
        {
            while (check.Read())
                if (check.Text(0) is var line && line != "ok") problems.Add(line);
        }
        catch (StoreException e) when (e.Fault == StoreFault.Corrupt)
        {
            problems.Add(e.Message);
        }
        return problems;
    }

    /// <summary>Writes the file anew without its empty pages. Nobody else writes meanwhile.</summary>
    public void Compact()
    {
        using (var db = Open("compact the database"))
        {
            db.SetBusyTimeout(busyTimeout);
            db.Execute("VACUUM");
        }
        // The compacted pages are in the log: only when it is moved does the file become shorter.
        using var write = writer.Begin("move the log");
        var log = new Checkpointer(path, pages: 1, new Health());
        log.Run();
        log.Close();
    }

    private Connection Open(string action)
    {
        var db = Connection.Open(path, create: false, pragmas: "", new Health());
        db.Action = action;
        return db;
    }
}
