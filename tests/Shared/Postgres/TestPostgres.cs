using Npgsql;

namespace Perdure.Testing.Shared.Postgres;

/// <summary>
/// The server that all tests of an assembly share: <c>PERDURE_TEST_POSTGRES</c> (a connection string of a role that may create databases), else one of their own, which is
/// started when the first test needs it. Thread safe.
/// </summary>
internal static class TestPostgres
{
    private const string Variable = "PERDURE_TEST_POSTGRES";

    private static readonly Lock Gate = new();
    private static PostgresServer? s_server;

    /// <summary>Why there is no server for tests, or null when there is one.</summary>
    public static string? Absent { get; } = Configured is null && PostgresPrograms.Find() is null
        ? $"There is no PostgreSQL: install it (Debian: apt-get install postgresql), or set {Variable} to a connection string."
        : null;

    /// <summary>Whether tests on PostgreSQL may be left out: only on a developer's machine that has none.</summary>
    public static bool MayBeSkipped => Absent is not null && !IsSet("CI") && !IsSet("PERDURE_REQUIRE_POSTGRES");

    private static string? Configured => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text ? text : null;

    /// <summary>Whether the server was given, so that tests do not own it.</summary>
    public static bool IsConfigured => Configured is not null;

    /// <summary>The program that runs scripts, or null.</summary>
    public static string? Psql => PostgresPrograms.Find() is { } folder && Path.Combine(folder, "psql") is var psql && File.Exists(psql) ? psql : null;

    /// <summary>A server of the caller's own, to be stopped and started; the caller disposes it.</summary>
    public static PostgresServer StartOwn(bool durable) => PostgresServer.Start(PostgresPrograms.Find() ?? throw new InvalidOperationException(Absent), durable);

    /// <summary>How to reach a database of the shared server.</summary>
    public static string ConnectionString(string database)
    {
        if (Configured is { } configured) return new NpgsqlConnectionStringBuilder(configured) { Database = database }.ConnectionString;
        return Server.ConnectionString(database);
    }

    /// <summary>Runs a statement on the shared server.</summary>
    public static void Execute(string sql, string? database = null)
    {
        var parts = new NpgsqlConnectionStringBuilder(Configured ?? Server.ConnectionString()) { Pooling = false };
        if (database is not null) parts.Database = database;
        using var connection = new NpgsqlConnection(parts.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        command.ExecuteNonQuery();
    }

    private static PostgresServer Server
    {
        get
        {
            lock (Gate)
            {
                if (s_server is not null) return s_server;
                s_server = StartOwn(durable: false);
                AppDomain.CurrentDomain.ProcessExit += static (_, _) => s_server.Dispose();
                return s_server;
            }
        }
    }

    private static bool IsSet(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text && text is not ("0" or "false");
}
