using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>I-12: the data in a run's row is what its history says, neither older nor newer.</summary>
internal static class DataRules
{
    public static void Check(RunCase run)
    {
        if (run.Row is not { } row) return;
        var data = DataOf(run.Ledger);
        if (!row.Data.Span.SequenceEqual(data.Write().Span)) run.Fail("I-12", $"its row holds other data than its history: {Text(row.Data)} instead of {Text(data.Write())}.");
        if (RunSettings.Read(row.Options).Continued is { Data: { } left } before && run.Cluster.Tap.Find(before.Id) is { } predecessor && !DataOf(predecessor).Write().Span.SequenceEqual(left))
            run.Fail("I-12", $"it began with other data than the run before had: {Text(left)} instead of {Text(DataOf(predecessor).Write())}.");
    }

    /// <summary>What a history says.</summary>
    private static DataValues DataOf(RunLedger run)
    {
        var inherited = DataValues.Read(RunSettings.Read(run.Birth.Options).Continued?.Data);
        var data = DataValues.None;
        foreach (var committed in run.Events)
        {
            // An attempt of the workflow writes its data anew; one that is not entered yet has none.
            if (committed.Event is { Kind: EventKind.WorkflowStarted, Due.IsNever: true }) data = inherited;
            else if (committed.Event.Kind == EventKind.ContextChanged) data = DataDelta.Apply(data, committed.Event.Data);
        }
        return data;
    }

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
