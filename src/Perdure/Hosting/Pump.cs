using Perdure.Authoring;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>Work on request. Thread safe: each call is a worker of its own.</summary>
internal sealed class Pump(EngineHost host) : IPerdurePump
{
    private static readonly TimeSpan DefaultBudget = TimeSpan.FromSeconds(50);

    public async Task<PumpReport> RunOnceAsync(string? runId, TimeSpan? budget, CancellationToken cancellationToken)
    {
        var limit = budget ?? DefaultBudget;
        if (limit <= TimeSpan.Zero) throw new InvalidOptionException("budget", $"A budget is more than 0, not {Durations.Format(limit)}.");
        if (runId is not null) Names.ValidateRunId(runId);
        var (taken, nextDue) = await host.WorkOnceAsync(runId, limit, cancellationToken);
        return new PumpReport(taken, nextDue.IsNever ? null : nextDue.ToDateTimeOffset());
    }
}
