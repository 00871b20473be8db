using System.Diagnostics;
using Npgsql;

namespace Perdure.Testing.Shared.Postgres;

/// <summary>
/// A server of the tests' own, in a folder of its own, reached through a socket in that folder only. It ends with the process that started it, however that ends.
/// </summary>
internal sealed class PostgresServer : IDisposable
{
    private const string Prefix = "perdure-pg-";
    private const string PidFile = "owner.pid";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _programs;
    private readonly string _folder;
    private readonly bool _durable;
    private Process? _shell;

    private PostgresServer(string programs, bool durable)
    {
        (_programs, _durable) = (programs, durable);
        _folder = Path.Combine("/tmp", Prefix + Guid.NewGuid().ToString("N")[..12]);
        if (OperatingSystem.IsWindows()) _folder = Path.Combine(Path.GetTempPath(), Path.GetFileName(_folder));
    }

    /// <summary>How to reach a database of it.</summary>
    public string ConnectionString(string database = "postgres") => $"Host={_folder};Username=postgres;Database={database}";

    /// <summary>Starts a server. <paramref name="durable"/>: commits wait for the disk, as in production; else they are fast.</summary>
    public static PostgresServer Start(string programs, bool durable = false)
    {
        Reap();
        var server = new PostgresServer(programs, durable);
        try
        {
            server.Create();
            server.Start();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts it again on the same folder and socket.</summary>
    public void Start()
    {
        string[] fast = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"];
        // The shell ends the server when our end of its input closes, which also happens when this process is killed.
        var start = Command("/bin/sh", ["-c", """
            "$@" </dev/null & p=$!; read -r how; kill -"${how:-INT}" $p; wait $p
            """, "sh", Path.Combine(_programs, "postgres"), "-D", Data, "-c", "listen_addresses=", "-c", $"unix_socket_directories={_folder}",
            "-c", "max_connections=200", "-c", $"log_destination=stderr", .. _durable ? [] : fast]);
        start.RedirectStandardInput = true;
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        _shell = Process.Start(start)!;
        _ = _shell.StandardError.BaseStream.CopyToAsync(Stream.Null);
        _ = _shell.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        WaitUntilReady();
    }

    /// <summary>Ends it as a power failure of its processes would: connections break, nothing is written down any more. It can be started again.</summary>
    public void StopImmediate() => Stop("QUIT");

    /// <summary>Ends it in order. It can be started again.</summary>
    public void StopFast() => Stop("INT");

    /// <summary>Breaks every connection to a database but the one that asks.</summary>
    public int TerminateBackends(string database)
    {
        using var connection = Open("postgres");
        using var command = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = database });
        return (int)(long)command.ExecuteScalar()!;
    }

    /// <summary>Runs a statement as the server's owner.</summary>
    public void Execute(string sql, string database = "postgres")
    {
        using var connection = Open(database);
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        try
        {
            Stop("QUIT");
        }
        finally
        {
            if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        }
    }

    private string Data => Path.Combine(_folder, "data");

    private void Stop(string signal)
    {
        if (_shell is not { } shell) return;
        _shell = null;
        NpgsqlConnection.ClearAllPools();
        try
        {
            shell.StandardInput.WriteLine(signal);
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended by itself.
        }
        if (!shell.WaitForExit((int)Patience.TotalMilliseconds)) shell.Kill(entireProcessTree: true);
        shell.Dispose();
    }

    private void Create()
    {
        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, PidFile), Environment.ProcessId.ToString());
        // As root the server refuses to run: then it runs as another user, who must own the folder.
        if (RunsAs is { } user) Run(new ProcessStartInfo("chown", ["-R", user, _folder]));
        Run(Command(Path.Combine(_programs, "initdb"),
            ["-D", Data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]));
    }

    private void WaitUntilReady()
    {
        for (var waited = Stopwatch.StartNew(); ; )
        {
            try
            {
                using var connection = Open("postgres");
                return;
            }
            catch (NpgsqlException) when (waited.Elapsed < Patience && _shell is { HasExited: false })
            {
                Thread.Sleep(20);
            }
        }
    }

    private NpgsqlConnection Open(string database)
    {
        var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false;Timeout=5");
        connection.Open();
        return connection;
    }

    private static string? RunsAs { get; } = !OperatingSystem.IsWindows() && Environment.UserName == "root" ? File.ReadLines("/etc/passwd").Any(static line => line.StartsWith("postgres:")) ? "postgres" : "nobody" : null;

    private ProcessStartInfo Command(string program, IEnumerable<string> arguments)
    {
        // A user of the same machine may not be allowed into our current folder.
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder };
        if (RunsAs is { } user)
        {
#pragma warning disable CA1416 // Windows needs no other user, and has no such name.
            start.UserName = user;
#pragma warning restore CA1416
        }
        return start;
    }

    private static void Run(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(start.FileName)} failed: {error}{output.Result}");
    }

    /// <summary>Folders of processes that are gone, for example because the machine was switched off, are removed.</summary>
    private static void Reap()
    {
        foreach (var folder in Directory.GetDirectories("/tmp", Prefix + "*"))
        {
            try
            {
                var pid = Path.Combine(folder, PidFile);
                var age = DateTime.UtcNow - Directory.GetCreationTimeUtc(folder);
                if (File.Exists(pid) ? IsRunning(File.ReadAllText(pid)) : age < TimeSpan.FromMinutes(10)) continue;
                Directory.Delete(folder, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else reaps it, or it is not ours.
            }
        }
    }

    private static bool IsRunning(string pid)
    {
        try
        {
            using var process = Process.GetProcessById(int.Parse(pid));
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
