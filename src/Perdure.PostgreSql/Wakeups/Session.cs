using Npgsql;
using Perdure.PostgreSql.Access;
using Perdure.PostgreSql.Workers;

namespace Perdure.PostgreSql.Wakeups;

/// <summary>
/// The one connection that this process keeps: it listens for hints and holds the locks that show that the process's workers live. Nothing depends on it for being right. When
/// it breaks it is opened again, and whatever was said meanwhile is found by a look at everything.
/// </summary>
internal sealed class Session(Database database, string channel, string sender, PostgreSqlLog log)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LastPause = TimeSpan.FromSeconds(5);

    private readonly string _locked = database.Sql("UPDATE {schema}.worker SET locked = true, renewals = renewals + 1 WHERE key = $1 AND alive");
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<long> _workers = [];
    private CancellationTokenSource _attention = new();
    private Task? _loop;
    private volatile bool _hears;
    private bool _heardItself;

    /// <summary>Told of each hint of another process.</summary>
    public required Action<HintKind> OnHint { get; init; }

    /// <summary>Told when hints begin to arrive, and when they may have been lost.</summary>
    public required Action<bool> OnHearing { get; init; }

    /// <summary>Called after every hint, and at least every half minute while hints arrive.</summary>
    public required Action OnRound { get; init; }

    /// <summary>Whether hints of other processes arrive at present.</summary>
    public bool Hears => _hears;

    /// <summary>Begins to listen; nothing happens the second time.</summary>
    public void Start()
    {
        lock (_gate) _loop ??= Task.Run(RunAsync);
    }

    /// <summary>From now on the session shows that this worker lives, until <see cref="Release"/>.</summary>
    public void Hold(long worker)
    {
        lock (_gate)
        {
            if (!_workers.Contains(worker)) _workers.Add(worker);
            _attention.Cancel();
        }
        Start();
    }

    public void Release(long worker)
    {
        lock (_gate) _workers.Remove(worker);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_loop is { } loop) await loop;
    }

    private async Task RunAsync()
    {
        for (var failures = 0; !_stop.IsCancellationRequested; failures++)
        {
            try
            {
                if (!await ListenAsync(() => failures = 0)) return;
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                if (_hears || failures == 0) log.SessionLost(database.Fail(e, "listen", sent: false).Message);
            }
            _hears = false;
            if (_stop.IsCancellationRequested) return;
            OnHearing(false);
            var pause = FirstPause * Math.Pow(2, Math.Min(failures, 6)) * (0.5 + Random.Shared.NextDouble());
            await Task.Delay(pause < LastPause ? pause : LastPause, TimeProvider.System, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Listens until the connection breaks. False when a session is of no use, because a pooler stands between.</summary>
    private async Task<bool> ListenAsync(Action onListening)
    {
        await using var connection = await database.OpenAsync(_stop.Token);
        if (await IsPooledAsync(connection))
        {
            log.Pooled(database.Place);
            return false;
        }
        connection.Notification += OnNotification;
        try
        {
            await ListenAsync(connection, onListening);
        }
        finally
        {
            connection.Notification -= OnNotification;
            await LeaveAsync(connection);
        }
        return true;
    }

    private async Task ListenAsync(NpgsqlConnection connection, Action onListening)
    {
        await ExecuteAsync(connection, $"LISTEN \"{channel}\"");
        _hears = true;
        onListening();
        OnHearing(true);
        var held = new List<long>();
        while (true)
        {
            CancellationToken attention;
            lock (_gate)
            {
                if (_attention.IsCancellationRequested) _attention = new();
                attention = _attention.Token;
            }
            await HoldAllAsync(connection, held);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(attention, _stop.Token);
            try
            {
                if (!await connection.WaitAsync(Silence, either.Token)) await PingAsync(connection);
                OnRound();
            }
            catch (OperationCanceledException) when (attention.IsCancellationRequested && !_stop.IsCancellationRequested)
            {
            }
        }
    }

    /// <summary>The connection may go back to a pool: what it held in its session must not go with it.</summary>
    private static async Task LeaveAsync(NpgsqlConnection connection)
    {
        try
        {
            await using var leave = new NpgsqlCommand("UNLISTEN *; SELECT pg_advisory_unlock_all()", connection) { CommandTimeout = 2 };
            await leave.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException)
        {
            // It is broken, so it goes to no pool, and the server has let go of everything.
        }
    }

    private void OnNotification(object sender1, NpgsqlNotificationEventArgs notification)
    {
        _heardItself = true;
        if (HintText.Read(notification.Payload, sender) is not HintKind.None and var kind) OnHint(kind);
    }

    /// <summary>A channel may be dead although its connection lives: after a silence the session talks to itself.</summary>
    private async Task PingAsync(NpgsqlConnection connection)
    {
        _heardItself = false;
        await ExecuteAsync(connection, $"NOTIFY \"{channel}\", '{HintText.Write(HintKind.None, sender)}'");
        if (!_heardItself && !await connection.WaitAsync(TimeSpan.FromSeconds(5), _stop.Token))
            throw new StoreException(StoreFault.Transient, $"The channel of {database.Place} is silent.");
    }

    private async Task HoldAllAsync(NpgsqlConnection connection, List<long> held)
    {
        long[] wanted;
        lock (_gate) wanted = [.. _workers];
        foreach (var worker in wanted)
        {
            if (held.Contains(worker)) continue;
            // The old session's lock may still be held by a connection that the server has not missed yet; then the next round takes it.
            await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock($1, $2)", connection);
            take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SessionLock.Namespace(database.Schema) });
            take.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SessionLock.Number(worker) });
            if (await take.ExecuteScalarAsync(_stop.Token) is not true) continue;
            await using var note = new NpgsqlCommand(_locked, connection);
            note.Parameters.Add(new NpgsqlParameter<long> { TypedValue = worker });
            await note.ExecuteNonQueryAsync(_stop.Token);
            held.Add(worker);
        }
    }

    /// <summary>A pooler makes up the process number that it names to a client.</summary>
    private async Task<bool> IsPooledAsync(NpgsqlConnection connection)
    {
        await using var ask = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return await ask.ExecuteScalarAsync(_stop.Token) is not int pid || pid != connection.ProcessID;
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(_stop.Token);
    }
}
