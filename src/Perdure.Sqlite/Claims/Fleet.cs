using System.Globalization;
using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Claims;

/// <summary>What the workers that are alive have code for, as the transaction of one worker's claim finds it; and so which runs it may take.</summary>
internal sealed class Fleet
{
    // Workers of one build are the rule: then nothing has to be read of them.
    private static readonly Sql Differ = new("""
        SELECT 1 FROM perdure_worker AS me, perdure_worker AS w INDEXED BY perdure_worker_alive
        WHERE me.key = ?1 AND me.codes IS NOT NULL AND w.alive = 1 AND w.codes IS NOT me.codes LIMIT 1
        """);

    private static readonly Sql SelectCodes = new("SELECT key, codes FROM perdure_worker INDEXED BY perdure_worker_alive WHERE alive = 1");

    // Every run that was put aside has a code; of the codes there are few, and they are found by leaping.
    private static readonly Sql NextAside = new("""
        SELECT owner FROM perdure_run INDEXED BY perdure_run_aside WHERE owner < 0 AND owner < ?1 AND status < 10 ORDER BY owner DESC LIMIT 1
        """);

    private static readonly Sql SelectCode = new("SELECT workflow, version, build FROM perdure_run WHERE key = ?1");
    private static readonly Sql SetAside = new("UPDATE perdure_run SET owner = ?2 WHERE key = ?1 AND owner = 0");

    private readonly HashSet<long>? _own;
    private readonly List<HashSet<long>?> _others = [];

    private Fleet(Connection db, long worker)
    {
        if (db.Use(Differ).Bind(1, worker).Scalar() == 0) return;
        var rows = db.Use(SelectCodes);
        while (rows.Read())
        {
            if (rows.Int64(0) == worker) _own = Read(rows.TextOrNull(1));
            else _others.Add(Read(rows.TextOrNull(1)));
        }
    }

    /// <summary>Whether workers differ in what they have code for.</summary>
    public bool IsMixed => _own is not null;

    /// <param name="db">In the transaction of the claim.</param>
    /// <param name="worker">Whose claim it is.</param>
    public static Fleet Read(Connection db, long worker) => new(db, worker);

    /// <summary>Where the worker finds runs: the last are those that were put aside and that it may take.</summary>
    public List<Shelf> OpenShelves(Connection db)
    {
        List<Shelf> shelves = [Shelf.ForAll];
        for (var owner = Below(db, 0); owner != 0; owner = Below(db, owner))
        {
            if (MayTake(-owner)) shelves.Add(new(owner));
        }
        return shelves;
    }

    /// <summary>Takes those out of <paramref name="candidates"/> that others must drive: whoever else lacks their code does not meet them again. Answers how many.</summary>
    public int PutAside(Connection db, List<Candidate> candidates) => candidates.RemoveAll(candidate =>
    {
        var row = db.Use(SelectCode).Bind(1, candidate.Key);
        row.Read();
        var code = new WorkflowCode(row.Text(0), row.Int32(1), row.TextOrNull(2)).Number;
        row.Reset();
        if (MayTake(code)) return false;
        db.Use(SetAside).Bind(1, candidate.Key).Bind(2, -code).Do();
        return true;
    });

    /// <summary>It has the code, or nobody has it who is alive: then it says so in the run's place.</summary>
    private bool MayTake(long code) => _own is null || _own.Contains(code) || !_others.Exists(codes => codes is null || codes.Contains(code));

    private static long Below(Connection db, long owner) => db.Use(NextAside).Bind(1, owner).Scalar();

    private static HashSet<long>? Read(string? codes)
    {
        if (codes is null) return null;
        var numbers = new HashSet<long>();
        var list = codes.AsSpan().Trim("[]");
        if (list.IsEmpty) return numbers;
        foreach (var range in list.Split(',')) numbers.Add(long.Parse(list[range], CultureInfo.InvariantCulture));
        return numbers;
    }
}
