using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Workers;

/// <summary>Which activities there is code for.</summary>
internal static class KnownActivities
{
    // Asked only of an activity that its caller has no code for; workers are few.
    private static readonly Sql Known = new("""
        SELECT EXISTS(SELECT 1 FROM perdure_worker AS w, json_each(w.activities) AS a WHERE w.alive = 1 AND a.value = ?1)
        """);

    /// <summary>Whether a worker that is alive has code for the activity of a new task, or its writer has.</summary>
    public static bool Contain(Connection db, NewTask task) => task.IfUnknown is null || db.Use(Known).Bind(1, task.Activity).Scalar() != 0;
}
