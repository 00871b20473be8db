using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Runtime;

/// <summary>What a run is born with: everything that its code may depend on besides its events.</summary>
/// <param name="Id">Public id; also the seed of its random numbers.</param>
/// <param name="Workflow">Name of the workflow.</param>
/// <param name="Input">Input, JSON.</param>
/// <param name="Settings">Options that were fixed when it was started.</param>
/// <param name="Deadline">End of the run timeout, or never.</param>
/// <param name="Losses">How often it has lost its worker so far.</param>
internal sealed record RunSeed(string Id, string Workflow, ReadOnlyMemory<byte> Input, RunSettings Settings, Instant Deadline, int Losses);

/// <summary>What every run of an engine shares.</summary>
/// <param name="Codec">Payloads.</param>
/// <param name="Activities">Registered activities.</param>
/// <param name="Services">The application's services, for workflow classes with dependencies; null without a host.</param>
/// <param name="Jitter">Draws a number from 0 to 1 for a retry's delay.</param>
/// <param name="Logger">Where workflow code logs.</param>
/// <param name="HistoryLimit">Number of events at which a run is blocked.</param>
internal sealed record RuntimeKit(
    PayloadCodec Codec, ActivityRegistry Activities, IServiceProvider? Services, Func<double> Jitter, Microsoft.Extensions.Logging.ILogger Logger,
    int HistoryLimit = PerdureDefaults.HistoryLimit);
