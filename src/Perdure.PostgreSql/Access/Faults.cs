using System.Text;
using Npgsql;
using Perdure.PostgreSql.Schema;

namespace Perdure.PostgreSql.Access;

/// <summary>
/// Turns errors of the server and of the connection into what the engine needs to know: was it written, may it be tried again, and what would help.
/// </summary>
internal static class Faults
{
    /// <summary>Raised by the group's own transaction: some bundle does not fit the rows.</summary>
    public const string Misfit = "PD100";

    /// <summary>Raised where a value can never be stored.</summary>
    private const string Unstorable = "PD200";

    /// <summary>Raised where the build of the caller is too old for the schema.</summary>
    private const string TooOld = "PD300";

    /// <summary>Whether the failure means the same as a bundle that does not fit: the place of an event is taken, or that of a run.</summary>
    public static bool IsMisfit(StoreException failure) =>
        failure.InnerException is PostgresException { SqlState: Misfit } or PostgresException { SqlState: "23505", ConstraintName: "event_place" or "run_pkey" or "run_id" };

    /// <summary>Whether a lock was not to be had in time.</summary>
    public static bool IsLockTimeout(StoreException failure) => failure.InnerException is PostgresException { SqlState: "55P03" };

    /// <summary>The fault that <paramref name="e"/> means; <paramref name="sent"/> says whether the server may have got the statement.</summary>
    public static StoreException Create(Exception e, string action, string place, bool sent)
    {
        var what = $"PostgreSQL could not {action} in {place}: {Text(e)}. ";
        return e switch
        {
            StoreException known => known,
            PostgresException refused => Create(refused, what, sent),
            EncoderFallbackException => new(StoreFault.Data, what + "A text in it is not valid Unicode. Nothing was written.", e),
            _ when sent => new(StoreFault.Unknown,
                what + "The answer was lost, so it is not known whether the transaction was written. The outcome is looked up.", e),
            _ => new(StoreFault.Transient, what + "Nothing was written; the call is repeated. Check that the server runs and can be reached.", e),
        };
    }

    private static StoreException Create(PostgresException e, string what, bool sent)
    {
        var state = e.SqlState;
        return state switch
        {
            Misfit => new(StoreFault.Transient, what, e),
            Unstorable => new(StoreFault.Data, what + "Nothing was written.", e),
            TooOld => new(StoreFault.Schema, what + $"A newer build has migrated it. {SchemaKeeper.UpdateThis}", e),
            // The server ended the connection. It may have committed before that.
            "57P01" or "57P02" or "57P05" when sent => new(StoreFault.Unknown,
                what + "The server ended the connection, so it is not known whether the transaction was written. The outcome is looked up.", e),
            "40001" or "40P01" or "55P03" or "57014" or "57P01" or "57P02" or "57P03" or "57P05" or "25P03" or "0A000" => new(StoreFault.Transient,
                what + "Nothing was written; the call is repeated. If this is frequent, end long transactions and locks elsewhere.", e),
            "53300" => new(StoreFault.Transient,
                what + "Nothing was written; the call is repeated. Raise max_connections, or give each process a smaller Maximum Pool Size.", e),
            "26000" or "08P01" => new(StoreFault.Transient,
                what + "Nothing was written; the call is repeated. Behind a pooler that shares connections between transactions set PostgreSqlStoreOptions.Pooled.", e),
            "53100" => new(StoreFault.Unwritable, what + "Nothing was written. Free some space on the disk of the server; writing resumes by itself.", e),
            "25006" => new(StoreFault.Unwritable,
                what + "Nothing was written: the server takes no writes. If it is a standby, connect to the primary (Target Session Attributes=primary).", e),
            "42501" => new(StoreFault.Unwritable, what + "Nothing was written. Give the role the rights in roles.sql; writing resumes by itself.", e),
            "28000" or "28P01" or "3D000" => new(StoreFault.Unwritable,
                what + "Check user, password and database in the connection string, and pg_hba.conf on the server.", e),
            "42P01" or "42883" or "42703" or "3F000" => new(StoreFault.Schema,
                what + "The schema is not that of this build. Initialize the store with migrate = true, or check the schema's name and the database.", e),
            "XX001" or "XX002" => new(StoreFault.Corrupt,
                what + "The database is damaged. Nothing more is written. Stop all workers, keep a copy of the data directory, then restore a backup.", e),
            _ when state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal) =>
                new(StoreFault.Data, what + "Nothing was written: one of the values can never be stored. A payload may have at most 1 GB, and keys must be unique.", e),
            _ when state.StartsWith("42", StringComparison.Ordinal) => new(StoreFault.Data, what + "Nothing was written.", e),
            _ when state.StartsWith("08", StringComparison.Ordinal) && sent => new(StoreFault.Unknown,
                what + "The connection failed, so it is not known whether the transaction was written. The outcome is looked up.", e),
            _ => new(StoreFault.Transient, what + "Nothing was written; the call may be repeated.", e),
        };
    }

    /// <summary>Without the server's detail, which may quote stored values.</summary>
    private static string Text(Exception e) => e is PostgresException refused
        ? $"{refused.MessageText} (code {refused.SqlState})"
        : e.InnerException is { } cause && !e.Message.Contains(cause.Message, StringComparison.Ordinal) ? $"{e.Message.TrimEnd('.')} ({cause.Message.TrimEnd('.')})"
        : e.Message.TrimEnd('.');
}
