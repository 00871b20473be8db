using Microsoft.Extensions.Logging;

namespace Perdure.Files;

/// <summary>What the store tells its operator. Ids are stable; nothing that is stored is ever logged.</summary>
internal sealed partial class FileStoreLog(ILogger logger)
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(1401, LogLevel.Information, "{Path} is open; this process is its worker.")]
    public partial void Owned(string path);

    [LoggerMessage(1402, LogLevel.Warning, "{Path} cannot be written and is read again from the disk: {Reason}")]
    public partial void Reloading(string path, string reason);

    [LoggerMessage(1403, LogLevel.Warning, "The inbox of {Path} cannot be read: {Reason}")]
    public partial void InboxFailed(string path, string reason);
}
