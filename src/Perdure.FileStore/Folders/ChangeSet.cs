namespace Perdure.Files.Folders;

/// <summary>A group of changes to files: all of them happen, in this order, or none. Not thread safe.</summary>
internal sealed class ChangeSet
{
    private readonly List<Change> _changes = [];

    public bool IsEmpty => _changes.Count == 0;

    public IReadOnlyList<Change> Changes => _changes;

    public void Put(string path, ReadOnlyMemory<byte> content) => _changes.Add(new(ChangeKind.Put, path, 0, content));

    public void PutLater(string path, ReadOnlyMemory<byte> content) => _changes.Add(new(ChangeKind.PutLater, path, 0, content));

    public void Append(string path, long offset, ReadOnlyMemory<byte> content) => _changes.Add(new(ChangeKind.Append, path, offset, content));

    public void Delete(string path) => _changes.Add(new(ChangeKind.Delete, path, 0, default));

    public ReadOnlySpan<byte> Encode(ByteWriter buffer)
    {
        buffer.VarInt((uint)_changes.Count);
        foreach (var change in _changes)
        {
            buffer.Byte((byte)change.Kind);
            buffer.Text(change.Path);
            if (change.Kind == ChangeKind.Append) buffer.Int64(change.Offset);
            buffer.VarInt((uint)change.Content.Length);
            buffer.Bytes(change.Content.Span);
        }
        return buffer.Written();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; the journal has checked that it is whole.</summary>
    public static IEnumerable<Change> Decode(ReadOnlyMemory<byte> record)
    {
        using var stream = new MemoryStream(record.ToArray(), writable: false);
        using var reader = new BinaryReader(stream);
        for (var left = reader.Read7BitEncodedInt(); left > 0; left--)
        {
            var kind = (ChangeKind)reader.ReadByte();
            var path = reader.ReadString();
            var offset = kind == ChangeKind.Append ? reader.ReadInt64() : 0;
            yield return new Change(kind, path, offset, reader.ReadBytes(reader.Read7BitEncodedInt()));
        }
    }
}
