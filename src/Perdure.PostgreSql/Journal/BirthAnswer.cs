using Npgsql;

namespace Perdure.PostgreSql.Journal;

/// <summary>Reads who holds the key or id of a birth.</summary>
internal static class BirthAnswer
{
    public static BirthOutcome Read(NpgsqlDataReader row, int key, int verdict, int status, int id) => new(
        (BirthVerdict)row.GetInt32(verdict), row.GetInt64(key), row.IsDBNull(id) ? null : row.GetString(id),
        row.IsDBNull(status) ? null : (RunStatus)row.GetInt32(status));
}
