using Perdure.Storage;
using Perdure.Storage.Memory;

namespace Perdure.Simulation;

/// <summary>I-35: nobody takes a run that it has no code for while a worker lives that has it; so a mixed fleet blocks nothing.</summary>
internal sealed class BuildRules(World world, MemoryStore data)
{
    public void Taken(SimStore from, long worker, ClaimedRuns claimed)
    {
        foreach (var run in claimed.Runs)
        {
            // What nobody took in time is only ended.
            if (run.Row.Status == RunStatus.Pending) continue;
            var code = new WorkflowCode(run.Row.Workflow, run.Row.Version, run.Row.Build);
            if (data.Workers.Find(worker)!.Has(code) || !data.Workers.All.Any(other => other.Alive && other.Has(code))) continue;
            world.Fail("I-35", $"Worker {worker} of {from.Owner} took run {run.Row.Id}, which needs version {code.Version}{(code.Build is null ? "" : $" of {code.Build}")}; it has no code for it, and another has.");
        }
    }
}
