using System.Diagnostics;
using Npgsql;

namespace Perdure.Testing.Shared.Postgres;

/// <summary>
/// PgBouncer in transaction mode before the shared server: each transaction gets another of very few connections. It listens on a socket in a folder of its own, and ends with
/// the process that started it.
/// </summary>
internal sealed class PostgresPooler : IDisposable
{
    /// <summary>So few that neighbours share them all the time.</summary>
    private const int ServerConnections = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("perdure-pooler-").FullName;
    private readonly Process _shell;

    /// <summary>Starts one for <paramref name="database"/> of the shared server.</summary>
    public PostgresPooler(string database)
    {
        var server = new NpgsqlConnectionStringBuilder(TestPostgres.ConnectionString(database));
        var settings = Path.Combine(_folder, "pooler.ini");
        File.WriteAllText(settings, $"""
            [databases]
            {database} = host={server.Host} port={server.Port} user={server.Username ?? "postgres"}{(server.Password is { } password ? $" password={password}" : "")}
            [pgbouncer]
            listen_addr =
            unix_socket_dir = {_folder}
            pool_mode = transaction
            auth_type = any
            default_pool_size = {ServerConnections}
            max_client_conn = 200
            ignore_startup_parameters = extra_float_digits
            """);
        ConnectionString = $"Host={_folder};Port=6432;Username=postgres;Database={database}";
        if (Environment.UserName == "root")
        {
            // As root it refuses to run.
            using var owner = Process.Start("chown", ["-R", "postgres", _folder]);
            owner.WaitForExit();
        }
        // The shell ends it when our end of its input closes, which also happens when this process is killed.
        var start = new ProcessStartInfo("/bin/sh", ["-c", """
            "$@" </dev/null & p=$!; read -r how; kill "$p"; wait "$p"
            """, "sh", Program!, settings])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder,
        };
#pragma warning disable CA1416 // There is no such program for Windows.
        if (Environment.UserName == "root") start.UserName = "postgres";
#pragma warning restore CA1416
        _shell = Process.Start(start)!;
        _ = _shell.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = _shell.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        WaitUntilReady();
    }

    /// <summary>The program, or null when there is none.</summary>
    public static string? Program { get; } = new[] { "/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer" }.FirstOrDefault(File.Exists);

    /// <summary>How to reach the database through it.</summary>
    public string ConnectionString { get; }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        _shell.StandardInput.Close();
        if (!_shell.WaitForExit(Patience)) _shell.Kill(entireProcessTree: true);
        _shell.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void WaitUntilReady()
    {
        for (var waited = Stopwatch.StartNew(); ;)
        {
            try
            {
                using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false;No Reset On Close=true;Timeout=5");
                connection.Open();
                using var command = new NpgsqlCommand("SELECT 1", connection);
                command.ExecuteNonQuery();
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < Patience && !_shell.HasExited)
            {
                Thread.Sleep(20);
            }
        }
    }
}
