using SQLitePCL;

namespace Perdure.Sqlite.Native;

/// <summary>
/// Turns SQLite's result codes into what the engine needs to know: was it written, may it be tried again, and what would help.
/// </summary>
internal static class Faults
{
    public static StoreException Create(int extendedCode, string text, string action, string path, bool committing)
    {
        var code = extendedCode & 0xFF;
        var what = $"SQLite could not {action} in {path}: {text} (code {extendedCode}). ";
        return code switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new(StoreFault.Transient,
                what + "Another process held the write lock for too long. Nothing was written; the call is repeated. " +
                "If this is frequent, end long transactions elsewhere or raise SqliteStoreOptions.BusyTimeout."),
            raw.SQLITE_FULL => new(StoreFault.Unwritable,
                what + "Nothing was written. Free some space on the disk of the database file; writing resumes by itself."),
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => new(StoreFault.Unwritable,
                what + "Nothing was written. " +
                "The process needs write permission for the file, for its directory, and for the -wal and -shm files beside it."),
            raw.SQLITE_CANTOPEN => new(StoreFault.Unwritable,
                what + "Check that the directory exists, that the process may write to it, and that SqliteStoreOptions.Path names a file."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => new(StoreFault.Corrupt,
                what + "The file is damaged or is no database. Nothing more is written to it. " +
                "Keep a copy, then restore a backup or run \"PRAGMA integrity_check\" and \".recover\" with the sqlite3 tool."),
            raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE => new(StoreFault.Data,
                what + "Nothing was written. " +
                "One of the values can never be stored: a payload may have at most 1,000,000,000 bytes, and keys must be unique."),
            raw.SQLITE_IOERR when committing => new(StoreFault.Unknown,
                what + "It is not known whether the transaction was written. The file is opened again and the outcome is looked up."),
            raw.SQLITE_IOERR => new(StoreFault.Transient,
                what + "Nothing was written. The file is opened again. If this is frequent, check the disk and the system log."),
            raw.SQLITE_ERROR when text.Contains("no such ", StringComparison.Ordinal) => new(StoreFault.Schema,
                what + "The tables are not those of this build. " +
                "Initialize the store with migrate = true, or check that SqliteStoreOptions.Path names the right file."),
            raw.SQLITE_ERROR or raw.SQLITE_MISUSE => new(StoreFault.Data, what + "Nothing was written."),
            _ => new(StoreFault.Transient, what + "Nothing was written; the call may be repeated."),
        };
    }
}
