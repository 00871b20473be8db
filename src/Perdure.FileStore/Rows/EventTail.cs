using System.Text.Json;

namespace Perdure.Files.Rows;

/// <summary>How long a history is, without reading it: the last line tells.</summary>
internal static class EventTail
{
    private const int FirstLook = 16 * 1024;

    /// <summary>Length of the file up to the end of its last whole line, and how many events there are; zeros when there is no file or no whole line.</summary>
    public static (long Length, int Events) Read(string path)
    {
        if (!File.Exists(path)) return default;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = RandomAccess.GetLength(file);
        for (var look = (long)FirstLook; ; look *= 4)
        {
            var start = Math.Max(0, length - look);
            var bytes = new byte[length - start];
            RandomAccess.Read(file, bytes, start);
            var end = bytes.AsSpan().LastIndexOf((byte)'\n');
            var before = end <= 0 ? -1 : bytes.AsSpan(0, end).LastIndexOf((byte)'\n');
            if (end < 0 && start == 0) return default;
            if (before < 0 && start > 0) continue;
            return (start + end + 1, CountAt(bytes.AsMemory(before + 1, end - before - 1)));
        }
    }

    /// <summary>Sequence behind the last event of a line; 0 when the line is damaged, which shows when the history is read.</summary>
    private static int CountAt(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line, new JsonDocumentOptions { MaxDepth = 256 });
            return json.RootElement.GetProperty("seq"u8).GetInt32() + (json.RootElement.TryGetProperty("count"u8, out var count) ? count.GetInt32() : 1);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return 0;
        }
    }
}
