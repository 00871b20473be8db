using System.CommandLine;
using Perdure.Cli.Hosting;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure graph 0198f2 --format svg &gt; run.svg</c>; with a pipeline's name and its assembly, the graph before it runs.</summary>
internal sealed class GraphCommand : ClientCommand
{
    private readonly Argument<string> _what = new("id|pipeline") { Description = "A run's id, or as much of it as no other has; or the name of a pipeline of the assembly." };
    private readonly Option<GraphFormat?> _format = new("--format") { Description = "mermaid (default), dot, json, svg.", HelpName = "format" };
    private readonly Option<string?> _assembly = KnownCode.NewOption("Where the pipelines are");

    private WorkflowAssembly? _code;

    public GraphCommand() : base("graph", "Writes the graph of a run, as far as it has come, or of a pipeline.")
    {
        Add(_what);
        Add(_format);
        Add(_assembly);
    }

    protected override WorkflowAssembly? CodeIn(ParseResult given) =>
        _code = KnownCode.PathIn(given, _assembly) is { } path ? WorkflowAssembly.Load(path) : null;

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var graph = _code?.FindPipeline(given.GetRequiredValue(_what))?.Graph
            ?? await RunIds.ActAsync(client, given.GetRequiredValue(_what), run => run.GetGraphAsync(stop), stop);
        var text = (given.GetValue(_format) ?? (screen.IsText ? GraphFormat.Mermaid : GraphFormat.Json)) switch
        {
            GraphFormat.Dot => graph.ToDot(),
            GraphFormat.Json => graph.ToJson(),
            GraphFormat.Svg => graph.ToSvg(),
            _ => graph.ToMermaid(),
        };
        Console.Out.WriteLine(Plain.Lines(text.TrimEnd('\n')));
        return ExitCode.Done;
    }
}
