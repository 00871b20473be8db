using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Runtime;

namespace Perdure.Tests.Runtime.Driving;

/// <summary>What a harness gives to its machine.</summary>
internal sealed class HarnessOptions
{
    private RuntimeKit? _kit;

    public RunSettings Settings { get; init; } = RunSettings.Default;

    public TimeSpan? RunTimeout { get; init; }

    public ActivityRegistry Activities { get; init; } = new();

    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The draw for jitter; the middle leaves delays as the policy says.</summary>
    public Func<double> Jitter { get; init; } = static () => 0.5;

    public int HistoryLimit { get; init; } = PerdureDefaults.HistoryLimit;

    /// <summary>Whether queued activities are run by <see cref="MachineHarness.Settle"/>.</summary>
    public bool RunsTasks { get; init; } = true;

    public RuntimeKit Kit => _kit ??= new RuntimeKit(PayloadCodec.Default, Activities, null, Jitter, Logger, HistoryLimit);
}
