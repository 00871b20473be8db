using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <summary>What a history says of the undos of a run's sagas in the last attempt of its workflow.</summary>
internal static class CompensationReader
{
    public static IReadOnlyList<CompensationResult> Read(EventRecord[] history)
    {
        var results = new List<CompensationResult>();
        foreach (var e in history)
        {
            if (e.Kind is EventKind.CompensationCompleted or EventKind.CompensationFailed) results.AddRange(RunJson.ReadResults(e.Data));
            else if (e.Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) results.Clear();
        }
        return results;
    }
}
