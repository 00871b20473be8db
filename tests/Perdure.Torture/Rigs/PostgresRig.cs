using Npgsql;
using Perdure.Testing.Shared.Postgres;
using Perdure.Torture.Records;

namespace Perdure.Torture.Rigs;

/// <summary>A server of the driver's own: it is stopped as by a crash and started again, its sessions are ended, its tables are locked, and the network to it is cut.</summary>
internal sealed class PostgresRig : IRig
{
    private const string Database = "torture";
    private const string HotTable = "perdure.run";
    private readonly PostgresServer _server = TestPostgres.StartOwn(durable: true);
    private readonly SemaphoreSlim _busy = new(1);
    private readonly Relay _relay;
    private int _strikes = Random.Shared.Next(4);

    public PostgresRig()
    {
        _server.Execute($"CREATE DATABASE {Database}");
        var parts = new NpgsqlConnectionStringBuilder(_server.ConnectionString(Database));
        _relay = new(Path.Combine(parts.Host!, $".s.PGSQL.{parts.Port}"));
        Address = $"postgres://{parts.Username}@127.0.0.1:{_relay.Port}/{Database}";
    }

    public string Address { get; }

    // Whoever stands still in a transaction is thrown out by those who wait for him.
    public bool MayStandStill(int process) => true;

    public async Task StrikeAsync(TimeSpan time, FaultLog faults)
    {
        if (!_busy.Wait(0)) return;
        try
        {
            await ((_strikes++ % 4) switch
            {
                0 => RestartAsync(time, faults),
                1 => Task.Run(() =>
                {
                    faults.Add(FaultKind.TerminateSessions);
                    _server.TerminateBackends(Database);
                }),
                2 => LockAsync(time, faults),
                _ => CutAsync(faults),
            });
        }
        finally
        {
            _busy.Release();
        }
    }

    public void Dispose()
    {
        _relay.Dispose();
        _server.Dispose();
        _busy.Dispose();
    }

    private Task CutAsync(FaultLog faults)
    {
        faults.Add(FaultKind.Cut);
        _relay.Cut();
        return Task.CompletedTask;
    }

    private async Task RestartAsync(TimeSpan time, FaultLog faults)
    {
        var fault = faults.Add(FaultKind.Restart);
        await Task.Run(_server.StopImmediate);
        await Task.Delay(time);
        await Task.Run(_server.Start);
        fault.End = DateTime.UtcNow;
    }

    private async Task LockAsync(TimeSpan time, FaultLog faults)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionString(Database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"LOCK TABLE {HotTable} IN EXCLUSIVE MODE", connection)) await command.ExecuteNonQueryAsync();
        var fault = faults.Add(FaultKind.Lock);
        await Task.Delay(time);
        await transaction.RollbackAsync();
        fault.End = DateTime.UtcNow;
    }
}
