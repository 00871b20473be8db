namespace Perdure.Cli.Output;

/// <summary>What became of many runs.</summary>
internal static class BulkPage
{
    private const int FirstShown = 5;

    /// <summary>Writes it.</summary>
    /// <returns>The exit code: what went wrong at a run is told at the end.</returns>
    public static int Write(BulkReport report, Screen screen)
    {
        if (screen.IsText) WriteText(report);
        else screen.Json(report, CliJson.Readable.BulkReport);
        return report.Failed.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    /// <summary>Some ids, for a question.</summary>
    public static string First(BulkReport report) => string.Join(", ", report.First.Take(FirstShown)) + (report.Found > FirstShown ? ", …" : "");

    private static void WriteText(BulkReport report)
    {
        Screen.Line($"{(report.DryRun ? "found" : "done"),-10} {Cells.Of(report.DryRun ? report.Found : report.Done)}");
        if (report.DryRun && report.Found > 0) Screen.Line($"{"first",-10} {First(report)}");
        foreach (var (reason, count) in report.Skipped) Screen.Line($"{"skipped",-10} {Cells.Of(count)} {reason}");
        foreach (var (reason, count) in report.Failed) Screen.Line($"{"failed",-10} {Cells.Of(count)} {reason}");
        foreach (var problem in report.Problems) Screen.Say($"{problem.RunId}: {problem.Detail}");
    }
}
