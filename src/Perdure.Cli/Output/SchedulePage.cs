using Spectre.Console;

namespace Perdure.Cli.Output;

/// <summary>One schedule for people: what it is, where it stands, and its last decisions.</summary>
internal static class SchedulePage
{
    public static void Write(ScheduleInfo schedule, Screen screen)
    {
        Fact("Schedule", schedule.Name);
        Fact("Times", schedule.Times.Expression is null ? schedule.Times.ToString() : $"{schedule.Times} ({schedule.Options.Zone})");
        Fact("Workflow", Cells.Workflow(schedule.Workflow, schedule.Version));
        Fact("Input", Cells.Of(schedule.Input));
        if (schedule.IsPaused) Fact("Paused", schedule.PauseReason ?? "yes");
        Fact("Next", Cells.Of(schedule.NextAt));
        Fact("Last", schedule.LastAt is null ? "" : $"{Cells.Of(schedule.LastAt)} {schedule.LastRunId}");
        Fact("Error", schedule.LastError);
        Fact("Runs", $"{schedule.Started} started, {schedule.Succeeded} succeeded, {schedule.Failed} failed, {schedule.Skipped} skipped, {schedule.Buffered} waiting, {schedule.BufferedInAll} have waited");
        foreach (var run in schedule.Live) Fact("Live", run);
        if (schedule.Recent.Count == 0) return;
        var table = Cells.Table("Time", "Outcome", "Times", "Run or reason");
        foreach (var fire in schedule.Recent)
            table.AddRow(Cells.Cell(Cells.Of(fire.Slot)), Cells.Cell(fire.Outcome.ToString()), Cells.Cell(Cells.Of(fire.Count)), Cells.Cell(Plain.Text(fire.RunId ?? fire.Reason)));
        screen.Show(table);
    }

    private static void Fact(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) Screen.Line($"{name,-10} {value}");
    }
}
