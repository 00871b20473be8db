using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Journal;

/// <summary>The rows through which a worker writes. Whoever marks a worker dead marks its lanes, and from then on nothing passes.</summary>
internal static class Lanes
{
    private static readonly Sql Fence = new("""
        UPDATE perdure_lane SET last_group = ?3
        WHERE worker = ?1 AND no = ?2 AND alive = 1 AND last_group = ?4 AND barrier < ?3
        """);

    private static readonly Sql Bar = new("""
        UPDATE perdure_lane SET barrier = max(barrier, ?3) WHERE worker = ?1 AND no = ?2 AND alive = 1
        """);

    private static readonly Sql LastGroup = new("SELECT last_group FROM perdure_lane WHERE worker = ?1 AND no = ?2");

    /// <summary>The first statement of every transaction of a worker: whether it may write, and if so, that it did.</summary>
    public static bool TryPass(Connection db, in LaneStamp stamp) =>
        db.Use(Fence).Bind(1, stamp.Worker).Bind(2, stamp.Lane).Bind(3, stamp.Number).Bind(4, stamp.Previous).Run() == 1;

    /// <summary>Keeps attempts up to <paramref name="number"/> out for ever, and answers whether that one is in.</summary>
    public static bool Resolve(Connection db, long worker, int lane, long number)
    {
        // A dead lane needs no barrier: nothing passes it any more.
        db.Use(Bar).Bind(1, worker).Bind(2, lane).Bind(3, number).Do();
        return db.Use(LastGroup).Bind(1, worker).Bind(2, lane).Scalar(otherwise: -1) == number;
    }
}
