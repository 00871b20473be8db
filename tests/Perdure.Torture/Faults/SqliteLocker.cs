using Perdure.Torture.Records;
using SQLitePCL;

namespace Perdure.Torture.Faults;

/// <summary>Locks the file, as another program would that writes to it for too long.</summary>
internal sealed class SqliteLocker(string path, FaultLog faults) : IOutage
{
    private const int LockTimeoutMs = 5000;

    public Task StrikeAsync(TimeSpan time) => Task.Run(async () =>
    {
        Batteries_V2.Init();
        if (raw.sqlite3_open(path, out var db) != raw.SQLITE_OK) throw new HarnessException("The database cannot be opened to be locked.");
        using (db)
        {
            raw.sqlite3_busy_timeout(db, LockTimeoutMs);
            // This program must not move the log: https://www.sqlite.org/wal.html#walresetbug.
            raw.sqlite3_exec(db, "PRAGMA wal_autocheckpoint=0");
            if (raw.sqlite3_exec(db, "BEGIN IMMEDIATE") != raw.SQLITE_OK) return;
            var fault = faults.Add(FaultKind.Outage);
            await Task.Delay(time);
            raw.sqlite3_exec(db, "ROLLBACK");
            fault.End = DateTime.UtcNow;
        }
    });
}
