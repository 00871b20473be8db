using Spectre.Console;

namespace Perdure.Cli.Output;

/// <summary>A page of runs.</summary>
internal static class RunTable
{
    public static void Write(RunList page, Screen screen)
    {
        if (screen.IsText) Show(page, screen);
        else if (screen.IsOneLine) foreach (var run in page.Runs) screen.Json(run, CliJson.Readable.RunSummary);
        else screen.Json(page, CliJson.Readable.RunList);
        if (page.Next is { } next && (screen.IsText || screen.IsOneLine)) Screen.Say($"There are more: --cursor {next}");
    }

    private static void Show(RunList page, Screen screen)
    {
        var table = Cells.Table("Run", "Workflow", "Status", "Created", "Ended", "Due");
        foreach (var run in page.Runs)
        {
            table.AddRow(Cells.Cell(Plain.Text(run.Id)), Cells.Cell(Cells.Workflow(run.Workflow, run.Version)), Cells.Status(run.Status),
                Cells.Cell(Cells.Of(run.CreatedAt)), Cells.Cell(Cells.Of(run.ClosedAt)), Cells.Cell(Cells.Of(run.DueAt)));
        }
        screen.Show(table);
    }
}
