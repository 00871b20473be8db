using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Worker;

/// <summary>What a worker says that it has code for.</summary>
internal static class WorkerCode
{
    /// <summary>Every workflow and version, once more under this build, if it has a name, and under each that it takes over.</summary>
    public static IReadOnlyList<WorkflowCode> Of(WorkflowRegistry workflows)
    {
        List<WorkflowCode> codes = [];
        foreach (var workflow in workflows.All)
        {
            codes.Add(new(workflow.Name, workflow.Version));
            if (workflows.Build.Id is { } own) codes.Add(new(workflow.Name, workflow.Version, own));
            foreach (var build in workflows.Build.TakesOver) codes.Add(new(workflow.Name, workflow.Version, build));
        }
        return codes;
    }
}
