using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Perdure.Cli.Output;

/// <summary>Where answers go: data to standard output, talk to standard error. Colour and tables are for terminals only.</summary>
internal sealed class Screen(OutputFormat format)
{
    private readonly Lazy<IAnsiConsole> _console = new(Open);

    /// <summary>Whether the answer is for people.</summary>
    public bool IsText => format == OutputFormat.Table;

    /// <summary>Whether each item of the answer stands on a line of its own.</summary>
    public bool IsOneLine => format == OutputFormat.Ndjson;

    /// <summary>One line about what went wrong.</summary>
    public static void Complain(string message) => Console.Error.WriteLine("perdure: " + Plain.Text(message));

    /// <summary>One line about what goes on; nothing that a script needs.</summary>
    public static void Say(string message) => Console.Error.WriteLine(Plain.Text(message));

    /// <summary>One line of the answer.</summary>
    public static void Line(string text) => Console.Out.WriteLine(Plain.Text(text));

    /// <summary>The answer as JSON; one line of it if that was asked for.</summary>
    public void Json<T>(T value, JsonTypeInfo<T> type) => Console.Out.WriteLine(Write(value, type, indent: format == OutputFormat.Json));

    /// <summary>Several items: an array, or a line for each.</summary>
    public void Json<T>(IReadOnlyList<T> items, JsonTypeInfo<IReadOnlyList<T>> list, JsonTypeInfo<T> item)
    {
        if (format == OutputFormat.Json) Json(items, list);
        else foreach (var one in items) Json(one, item);
    }

    /// <summary>A payload, as it is stored.</summary>
    public void Json(JsonElement payload) => Json(payload, CliJson.Readable.JsonElement);

    /// <summary>A table.</summary>
    public void Show(Table table) => _console.Value.Write(table);

    private static string Write<T>(T value, JsonTypeInfo<T> type, bool indent) =>
        Plain.Lines(JsonSerializer.Serialize(value, indent ? type : (JsonTypeInfo<T>)CliJson.OneLine.GetTypeInfo(typeof(T))!));

    /// <summary>What is not a terminal gets plain text of any width: colour codes and wrapped cells are of no use to a script.</summary>
    private static IAnsiConsole Open()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(Console.Out),
        });
        console.Profile.Width = 10_000;
        return console;
    }
}
