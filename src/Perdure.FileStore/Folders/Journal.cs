using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Perdure.Files.Folders;

/// <summary>
/// The write-ahead journal: one checksummed record for each group, flushed before the group counts. The files of the folder are brought up to date from it, and what they all
/// hold is trimmed by segments. One thread writes;
/// another may remove old segments.
/// </summary>
/// <remarks>
/// A record: four letters, length of the body, number of the record, checksum of number and body, body. Only the last record of the last segment can be torn, because each is
/// flushed before the next is begun; whatever else does not fit was damaged.
/// </remarks>
internal sealed class Journal(string root, bool flushes) : IDisposable
{
    private const uint Mark = 0x4C4E4A50; // "PJNL"
    private const int HeaderLength = 20;

    private readonly string _folder = Path.Combine(root, Layout.Journal);
    private FileStream? _segment;
    private long _number;

    /// <summary>Length of the segment that is written.</summary>
    public long Length { get; private set; }

    /// <summary>All records that are on disk, in order; a torn one at the end never counted and is left out.</summary>
    /// <exception cref="StoreException">A record was damaged, or is missing.</exception>
    public IEnumerable<ReadOnlyMemory<byte>> ReadAll()
    {
        var segments = Segments();
        long? last = null;
        for (var i = 0; i < segments.Count; i++)
        {
            var bytes = File.ReadAllBytes(segments[i]);
            // Numbers go on where they were, also when all records were trimmed: an old segment that a power failure brings back is then still an old one.
            last ??= FirstNumber(segments[i]) - 1;
            var offset = 0;
            while (offset < bytes.Length)
            {
                if (ReadRecord(bytes, offset) is not { } record)
                {
                    if (i < segments.Count - 1 || HasRecordBehind(bytes, offset)) throw Damaged(segments[i], offset);
                    break;
                }
                if (last is { } before && record.Number != before + 1) throw Damaged(segments[i], offset);
                last = record.Number;
                offset += HeaderLength + record.Body.Length;
                yield return record.Body;
            }
        }
        _number = last ?? 0;
    }

    /// <summary>Begins a new segment behind the ones there are, which are returned: they may be removed as soon as the files hold what they say.</summary>
    public IReadOnlyList<string> BeginSegment()
    {
        var old = Segments();
        var path = Path.Combine(_folder, $"{_number + 1:D16}.log");
        // A segment of that name that is still here holds nothing that counted.
        var segment = Disk.Open(path, FileMode.Create);
        try
        {
            if (flushes) Disk.FlushFolder(_folder);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
        _segment?.Dispose();
        _segment = segment;
        Length = 0;
        return [.. old.Where(segment => segment != path)];
    }

    /// <summary>Writes a record and waits for the disk. When it throws, the segment may not be written any more: everything is read again.</summary>
    /// <exception cref="StoreException">Nothing was written, or it is not known whether it was.</exception>
    public void Append(ReadOnlySpan<byte> body)
    {
        var record = new byte[HeaderLength + body.Length];
        body.CopyTo(record.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32LittleEndian(record, Mark);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), _number + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(16), Checksum(_number + 1, body));
        var file = _segment!.SafeFileHandle;
        try
        {
            Disk.Write(file, record, Length);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw TakeBack(e);
        }
        try
        {
            if (flushes) RandomAccess.FlushToDisk(file);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            throw Faults.Unknown("write to its journal", _folder, e);
        }
        Length += record.Length;
        _number++;
    }

    /// <summary>Removes segments, the oldest first and for good before the next: what a power failure leaves begins somewhere and has no gap.</summary>
    public void Remove(IReadOnlyList<string> segments)
    {
        foreach (var segment in segments)
        {
            File.Delete(segment);
            if (flushes) Disk.FlushFolder(_folder);
        }
    }

    public void Dispose() => _segment?.Dispose();

    /// <summary>Removes what a write that failed has left, so that it certainly never counts.</summary>
    private StoreException TakeBack(Exception failure)
    {
        try
        {
            RandomAccess.SetLength(_segment!.SafeFileHandle, Length);
            RandomAccess.FlushToDisk(_segment.SafeFileHandle);
            return Faults.Refused("write to its journal", _folder, failure);
        }
        catch (Exception e) when (Faults.IsOfDisk(e))
        {
            return Faults.Unknown("write to its journal", _folder, failure);
        }
    }

    private List<string> Segments()
    {
        List<string> segments = [.. Directory.EnumerateFiles(_folder, "*.log")];
        segments.Sort(StringComparer.Ordinal);
        return segments;
    }

    private static long FirstNumber(string segment) =>
        long.TryParse(Path.GetFileNameWithoutExtension(segment), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Damaged(segment, 0);

    private static (long Number, ReadOnlyMemory<byte> Body)? ReadRecord(byte[] bytes, int offset)
    {
        if (bytes.Length - offset < HeaderLength) return null;
        var header = bytes.AsSpan(offset, HeaderLength);
        var length = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Mark || length < 0 || length > bytes.Length - offset - HeaderLength) return null;
        var number = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        var body = bytes.AsMemory(offset + HeaderLength, length);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[16..]) == Checksum(number, body.Span) ? (number, body) : null;
    }

    /// <summary>Whether a whole record follows, so that the one at <paramref name="offset"/> was not the last.</summary>
    private static bool HasRecordBehind(byte[] bytes, int offset)
    {
        Span<byte> mark = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(mark, Mark);
        for (var at = offset + 1; at < bytes.Length; at++)
        {
            var found = bytes.AsSpan(at).IndexOf(mark);
            if (found < 0) return false;
            at += found;
            if (ReadRecord(bytes, at) is not null) return true;
        }
        return false;
    }

    private static uint Checksum(long number, ReadOnlySpan<byte> body)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        while (body.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(body));
            body = body[sizeof(ulong)..];
        }
        foreach (var b in body) crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }

    private static StoreException Damaged(string segment, int offset) => new(StoreFault.Corrupt,
        $"The file store cannot read its journal: the record at byte {offset} of '{segment}' is damaged. Stop all processes, keep the folder, restore a backup.");
}
