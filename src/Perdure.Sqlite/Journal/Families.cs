using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Journal;

/// <summary>Which runs are children of which, and what that keeps from being done to them.</summary>
internal static class Families
{
    /// <summary>SQL that is true for the run <c>r</c> if its parent has not ended. What the engine's own runs start concerns them only once.</summary>
    public const string HasLiveParent = """
        EXISTS(SELECT 1 FROM perdure_child c JOIN perdure_run p ON p.key = c.parent WHERE c.run = r.key AND p.status < 10 AND substr(p.workflow, 1, 1) <> '_')
        """;

    /// <summary>SQL that is true for the run <c>r</c> if it has a parent that was not deleted, other than the engine's own runs: what a schedule starts is nobody's child to its user.</summary>
    public const string HasParent = """
        EXISTS(SELECT 1 FROM perdure_child c JOIN perdure_run p ON p.key = c.parent WHERE c.run = r.key AND substr(p.workflow, 1, 1) <> '_')
        """;

    /// <summary>SQL that is true for the run <c>r</c> if its parent or a child of it has not ended. What the engine's own runs start is kept by nobody.</summary>
    public const string IsInUse = $"""
        ({HasLiveParent} OR EXISTS(SELECT 1 FROM perdure_child c JOIN perdure_run k ON k.key = c.run WHERE c.parent = r.key AND k.status < 10))
        """;

    private static readonly Sql Insert = new("INSERT INTO perdure_child(run, parent, parent_id, root) VALUES(?1, ?2, ?3, ?4)");
    private static readonly Sql AskInUse = new($"SELECT {IsInUse} FROM perdure_run r WHERE r.key = ?1");
    private static readonly Sql AskLiveParent = new($"SELECT {HasLiveParent} FROM perdure_run r WHERE r.key = ?1");

    private static readonly Sql AskChild = new("SELECT 1 FROM perdure_run r JOIN perdure_child c ON c.run = r.key WHERE r.id = ?1 AND c.parent = ?2");

    public static void Add(Connection db, long child, long parent, RunParent tie) =>
        db.Use(Insert).Bind(1, child).Bind(2, parent).Bind(3, tie.Id).Bind(4, tie.Root).Do();

    public static bool AreParentAndChild(Connection db, long parent, string child) => db.Use(AskChild).Bind(1, child).Bind(2, parent).Scalar() == 1;

    public static bool AreInUse(Connection db, long run) => db.Use(AskInUse).Bind(1, run).Scalar() == 1;

    public static bool HaveLiveParent(Connection db, long run) => db.Use(AskLiveParent).Bind(1, run).Scalar() == 1;
}
