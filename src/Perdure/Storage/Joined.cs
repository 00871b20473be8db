namespace Perdure.Storage;

/// <summary>Batches that are written together become one row: the log pays per row, hardly per byte.</summary>
internal static class Joined
{
    public static EventBatch Batch(in EventBatch first, in EventBatch second, in EventBatch third = default)
    {
        if (second.Count == 0 && third.Count == 0) return first;
        if (first.Count == 0 && third.Count == 0) return second;
        if (first.Count == 0 && second.Count == 0) return third;
        var bytes = new byte[first.Bytes.Length + second.Bytes.Length + third.Bytes.Length];
        first.Bytes.CopyTo(bytes);
        second.Bytes.CopyTo(bytes.AsMemory(first.Bytes.Length));
        third.Bytes.CopyTo(bytes.AsMemory(first.Bytes.Length + second.Bytes.Length));
        var start = first.Count > 0 ? first.FirstSequence : second.FirstSequence;
        return new(start, first.Count + second.Count + third.Count, bytes);
    }
}
