using Microsoft.Extensions.Logging;

namespace Perdure.Sqlite;

/// <summary>What the store tells its operator. Ids are stable; nothing that is stored is ever logged.</summary>
internal sealed partial class SqliteLog(ILogger logger)
{
    /// <summary>The first version that cannot damage a file when a checkpoint meets a log that is started afresh.</summary>
    private static readonly Version Sound = new(3, 51, 3);

    private readonly ILogger _logger = logger;

    public void Opened(string path, Version version)
    {
        Open(path, version);
        if (version < Sound) OldLibrary(version, Sound);
    }

    [LoggerMessage(1201, LogLevel.Information, "{Path} is open with SQLite {Version}.")]
    private partial void Open(string path, Version version);

    [LoggerMessage(1202, LogLevel.Information,
        "SQLite {Version} is older than {Sound}: a checkpoint by another program could damage the file. This store moves its log only while it holds the write lock, which is safe; let no other program write to the file.")]
    private partial void OldLibrary(Version version, Version sound);

    [LoggerMessage(1203, LogLevel.Information, "{Path} has schema version {Version}, and this build knows versions up to {Known}; it may go on beside newer ones.")]
    public partial void NewerSchema(string path, int version, int known);
}
