using Perdure.Authoring;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-12: the data in a run's row is what its history says, neither older nor newer.</summary>
internal static class DataRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { } row) return;
        var data = DataValues.None;
        foreach (var committed in run.Events)
        {
            // An attempt of the workflow writes its data anew.
            if (committed.Event.Kind == EventKind.WorkflowStarted) data = DataValues.None;
            else if (committed.Event.Kind == EventKind.ContextChanged) data = DataDelta.Apply(data, committed.Event.Data);
        }
        if (!row.Data.Span.SequenceEqual(data.Write().Span)) run.Fail("I-12", $"its row holds other data than its history: {Text(row.Data)} instead of {Text(data.Write())}.");
    }


    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
