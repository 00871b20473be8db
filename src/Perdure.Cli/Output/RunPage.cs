using Spectre.Console;

namespace Perdure.Cli.Output;

/// <summary>One run for people: what it is, where it stands, and its steps.</summary>
internal static class RunPage
{
    public static void Write(RunInfo run, Screen screen)
    {
        Fact("Run", run.Id);
        Fact("Workflow", Cells.Workflow(run.Workflow, run.Version));
        Fact("Build", run.Build);
        Fact("Status", run.Phase == default ? run.Status.ToString() : $"{run.Status} ({run.Phase})");
        foreach (var wait in run.WaitingFor) Fact("Waits for", Cells.Of(wait));
        if (run.BlockedReason is { } reason) Fact("Blocked", $"{reason}. {run.BlockedDetail}");
        Fact("Error", Cells.Of(run.Error));
        Fact("Queue", run.Queue);
        Fact("Key", run.Key);
        foreach (var (name, value) in run.Tags) Fact("Tag", $"{name}={value}");
        Fact("Created", Cells.Of(run.CreatedAt));
        Fact("Due", Cells.Of(run.DueAt));
        Fact("Ended", Cells.Of(run.ClosedAt));
        if (run.Crashes > 0) Fact("Crashes", Cells.Of(run.Crashes));
        Fact("Input", Cells.Of(run.Input));
        Fact("Result", Cells.Of(run.Result));
        foreach (var (name, value) in run.Published) Fact("Published", $"{name} = {Cells.Of(value)}");
        foreach (var signal in run.PendingSignals ?? []) Fact("Signal", $"{signal.Name} {Cells.Of(signal.Payload)} (not taken)");
        if (run.ChildCounts is { Count: > 0 } children)
            Fact("Children", $"{Cells.Of(children.Values.Sum())} ({string.Join(", ", children.Select(static of => $"{Cells.Of(of.Value)} {of.Key}"))})");
        if (run.CancelIgnored == true) Fact("Note", "it completed although it had been asked to cancel");
        if (run.DeterminismWarning is { } warning) Fact("Note", warning);
        if (run.Steps is { Count: > 0 } steps) screen.Show(Table(steps));
    }

    /// <summary>The run as of one of its events.</summary>
    public static void Write(string id, RunMoment moment, Screen screen)
    {
        Fact("Run", id);
        Fact("As of", $"{moment.Event} at {Cells.Of(moment.Event.Timestamp)}");
        Fact("Status", moment.Status.ToString());
        if (moment.Attempt > 1) Fact("Attempt", Cells.Of(moment.Attempt));
        foreach (var wait in moment.WaitingFor) Fact("Waits for", Cells.Of(wait));
        foreach (var (name, value) in moment.Data.All) Fact("Data", $"{name} = {Cells.Of(value)}");
        foreach (var (name, value) in moment.Published) Fact("Published", $"{name} = {Cells.Of(value)}");
        foreach (var signal in moment.PendingSignals) Fact("Signal", $"{signal.Name} {Cells.Of(signal.Payload)} (not taken)");
        if (moment.Steps.Count > 0) screen.Show(Table(moment.Steps));
    }

    private static Table Table(IReadOnlyList<RunStep> steps)
    {
        var table = Cells.Table("#", "Step", "Kind", "Status", "Attempts", "Ended", "Outcome");
        foreach (var step in steps)
        {
            table.AddRow(Cells.Cell(Cells.Of(step.Operation)), Cells.Cell(Plain.Text(step.Name)), Cells.Cell(step.IsActivity ? "activity" : "step"),
                Cells.Cell(step.Status.ToString()), Cells.Cell(Cells.Of(step.Attempts)), Cells.Cell(Cells.Of(step.EndedAt)),
                Cells.Cell(step.Error is null ? Plain.Short(Cells.Of(step.Output), 60) : Cells.Of(step.Error)));
        }
        return table;
    }

    private static void Fact(string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) Screen.Line($"{name,-10} {value}");
    }
}
