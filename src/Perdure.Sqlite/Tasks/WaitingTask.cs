using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Tasks;

/// <summary>A due task that nobody has, ordered as it is claimed.</summary>
internal readonly record struct WaitingTask(long Priority, Instant Due, long Run, int Operation, long Row, string? Key, bool IsSuspect) : IComparable<WaitingTask>
{
    public static WaitingTask Read(Statement rows, long priority) =>
        new(priority, rows.Instant(0), rows.Int64(1), rows.Int32(2), rows.Int64(3), rows.TextOrNull(4), rows.Int32(5) >= LossBackoff.From);

    public int CompareTo(WaitingTask other)
    {
        var order = other.Priority.CompareTo(Priority);
        if (order == 0) order = Due.CompareTo(other.Due);
        if (order == 0) order = Run.CompareTo(other.Run);
        return order != 0 ? order : Operation.CompareTo(other.Operation);
    }
}
