using Microsoft.Extensions.Logging;
using Perdure.Authoring;

namespace Perdure.Runtime;

/// <summary>What every run of an engine shares. Immutable.</summary>
/// <param name="Codec">Payloads.</param>
/// <param name="Activities">Registered activities.</param>
/// <param name="Services">The application's services, for workflow classes with dependencies; null without a host.</param>
/// <param name="Jitter">Draws a number from 0 to 1 for a retry's delay.</param>
/// <param name="Logger">Where workflow code logs.</param>
/// <param name="HistoryLimit">Number of events at which a run is blocked.</param>
internal sealed record RuntimeKit(
    PayloadCodec Codec, ActivityRegistry Activities, IServiceProvider? Services, Func<double> Jitter, ILogger Logger,
    int HistoryLimit = PerdureDefaults.HistoryLimit)
{
    /// <summary>Number of events from which on a warning is logged.</summary>
    public int HistoryWarning { get; init; } = PerdureDefaults.HistoryWarning;

    /// <summary>How steps and activities are retried that do not say.</summary>
    public RetryPolicy Retry { get; init; } = RetryPolicy.Default;

    /// <summary>After how many further events it is logged again.</summary>
    public int HistoryWarningEvery { get; init; } = PerdureDefaults.HistoryWarningEvery;

    /// <summary>Registered workflows, to check the input of a child that is called by name; null where none is known.</summary>
    public WorkflowRegistry? Workflows { get; init; }

    /// <summary>How much later than a turn says it may be by the store's clock. Timers and retries count from there, so that none comes early.</summary>
    public Func<TimeSpan> ClockError { get; init; } = static () => TimeSpan.Zero;

    /// <summary>Tokens of hooks.</summary>
    public HookTokens Hooks { get; init; } = HookTokens.None;

    /// <summary>Reads where a run stands, or whoever went on in its place; null where no store is.</summary>
    public Func<string, CancellationToken, Task<RunStatus>>? StatusOf { get; init; }

    /// <summary>Of a machine that is loaded to be asked: the queries that its code answers. Null for all others.</summary>
    public QueryHandlers? Queries { get; init; }

    /// <summary>Of a machine that is loaded to be looked at: told how far the code of a pipeline comes. Null for all others.</summary>
    public GraphProgress? Progress { get; init; }

    /// <summary>Where workflow code begins.</summary>
    public CodeFlow Flow { get; } = new();
}
