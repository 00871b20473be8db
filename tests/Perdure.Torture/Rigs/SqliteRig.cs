using Perdure.Torture.Processes;
using Perdure.Torture.Records;
using SQLitePCL;

namespace Perdure.Torture.Rigs;

/// <summary>A file. Another program locks it now and then, and writes to it for too long.</summary>
internal sealed class SqliteRig(string path) : IRig
{
    private const int LockTimeoutMs = 5000;

    public string Address => $"sqlite:{path}";

    // A process that stands still inside of a transaction keeps the write lock.
    public bool MayStandStill(int process) => !Signals.HoldsSqliteWriteLock(process);

    public Task StrikeAsync(TimeSpan time, FaultLog faults) => Task.Run(async () =>
    {
        Batteries_V2.Init();
        if (raw.sqlite3_open(path, out var db) != raw.SQLITE_OK) throw new HarnessException("The database cannot be opened to be locked.");
        using (db)
        {
            raw.sqlite3_busy_timeout(db, LockTimeoutMs);
            // This program must not move the log: https://www.sqlite.org/wal.html#walresetbug.
            raw.sqlite3_exec(db, "PRAGMA wal_autocheckpoint=0");
            if (raw.sqlite3_exec(db, "BEGIN IMMEDIATE") != raw.SQLITE_OK) return;
            var fault = faults.Add(FaultKind.Lock);
            await Task.Delay(time);
            raw.sqlite3_exec(db, "ROLLBACK");
            fault.End = DateTime.UtcNow;
        }
    });

    public void Dispose()
    {
    }
}
