using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Perdure.Cli.Output;

/// <summary>Values as people read them.</summary>
internal static class Cells
{
    private const int LongestPayload = 200;

    public static string Of(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string Of(DateTimeOffset? instant) => instant is { } at ? Of(at) : "";

    public static string Of(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A payload, shortened; in full it is in the JSON output.</summary>
    public static string Of(JsonElement? payload) => payload is { } value ? Plain.Short(value.GetRawText(), LongestPayload) : "";

    public static string Of(RunError? error) => error is null ? "" : Plain.Text(error.ToString());

    public static string Of(RunWait wait) =>
        Plain.Text(wait.Name.Length == 0 ? wait.Kind : $"{wait.Kind} {wait.Name}") + (wait.Due is { } due ? $" until {Of(due)}" : "");

    public static string Workflow(string name, int version) => $"{Plain.Text(name)} v{Of(version)}";

    /// <summary>A status in its colour; plain where there are no colours.</summary>
    public static Text Status(RunStatus status) => new(status.ToString(), new Style(status switch
    {
        RunStatus.Completed => Color.Green,
        RunStatus.Failed or RunStatus.TimedOut or RunStatus.Blocked => Color.Red,
        RunStatus.Cancelled or RunStatus.Terminated => Color.Grey,
        RunStatus.Running => Color.Blue,
        _ => Color.Default,
    }));

    public static Table Table(params string[] columns)
    {
        var table = new Table().NoBorder();
        foreach (var column in columns) table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))) { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        return table;
    }

    public static Text Cell(string text) => new(text);
}
