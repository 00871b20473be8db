using System.Buffers;
using System.Text;
using System.Text.Json;
using Perdure.Sqlite.Native;

namespace Perdure.Sqlite.Tasks;

/// <summary>Names of activities as SQL reads them: a JSON array.</summary>
internal static class ActivityNames
{
    private static readonly Sql Known = new("""
        SELECT EXISTS(SELECT 1 FROM perdure_worker AS w, json_each(w.activities) AS a WHERE w.alive = 1 AND a.value = ?1)
        """);

    /// <summary>The text of <paramref name="names"/>, or null for null.</summary>
    public static string? Write(IReadOnlyList<string>? names)
    {
        if (names is null) return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var name in names) json.WriteStringValue(name);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Whether somebody who is alive has code for the activity of a new task, or its writer has.</summary>
    public static bool IsKnown(Connection db, NewTask task) => task.IfUnknown is null || db.Use(Known).Bind(1, task.Activity).Scalar() != 0;
}
