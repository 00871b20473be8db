using Microsoft.Extensions.Logging;

namespace Perdure.PostgreSql;

/// <summary>What the store tells its operator. Ids are stable; nothing that is stored is ever logged.</summary>
internal sealed partial class PostgreSqlLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1301, LogLevel.Information, "{Place} is open on PostgreSQL {Version}.")]
    public partial void Opened(string place, string version);

    [LoggerMessage(1302, LogLevel.Warning, "The session that listens for other processes was lost: {Reason} It is opened again; until then everything is found by polling.")]
    public partial void SessionLost(string reason);

    [LoggerMessage(1303, LogLevel.Information,
        "A pooler stands before {Place}: other processes are heard by polling only, and a worker's death is noticed when its lease ends. If it shares connections between transactions, set PostgreSqlStoreOptions.Pooled.")]
    public partial void Pooled(string place);

    [LoggerMessage(1304, LogLevel.Debug, "The early look for dead workers failed: {Reason}")]
    public partial void WatchFailed(string reason);

    [LoggerMessage(1305, LogLevel.Debug, "A hint to other processes was not sent: {Reason} They find what is due by polling.")]
    public partial void HintFailed(string reason);

    [LoggerMessage(1306, LogLevel.Warning, "{Place} is reached without TLS: whoever can read the network reads payloads and the password's exchange. Use SSL Mode=VerifyFull.")]
    public partial void NoTls(string place);

    [LoggerMessage(1307, LogLevel.Information, "{Place} has schema version {Version}, and this build knows versions up to {Known}; it may go on beside newer ones.")]
    public partial void NewerSchema(string place, int version, int known);
}
