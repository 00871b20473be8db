using Microsoft.Extensions.Logging;

namespace Perdure.Runtime;

/// <summary>What the engine tells about a single run's code. Ids are stable; no payload is ever logged.</summary>
internal static partial class RuntimeLog
{
    [LoggerMessage(1101, LogLevel.Warning, "Run {Run} has {Events} events; at {Limit} it is blocked. Let the workflow do less in one run.")]
    public static partial void HistoryIsLong(ILogger logger, string run, int events, int limit);

    [LoggerMessage(1102, LogLevel.Warning, "Run {Run}: {Warning}")]
    public static partial void Determinism(ILogger logger, string run, string warning);
}
