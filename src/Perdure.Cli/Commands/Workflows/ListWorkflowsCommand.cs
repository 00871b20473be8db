using System.CommandLine;
using Perdure.Cli.Hosting;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.Workflows;

/// <summary><c>perdure workflows</c>; with <c>--assembly</c> also those that have no runs yet.</summary>
internal sealed class ListWorkflowsCommand : ClientCommand
{
    private readonly Option<string?> _assembly = KnownCode.NewOption("Where the code of workflows is, to list those that have no runs too");

    public ListWorkflowsCommand(string name) : base(name, "Lists the workflows by name, with how many runs of each status there are.") => Add(_assembly);

    protected override WorkflowAssembly? CodeIn(ParseResult given) => KnownCode.PathIn(given, _assembly) is { } path ? WorkflowAssembly.Load(path) : null;

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var workflows = await client.ListWorkflowsAsync(stop);
        if (!screen.IsText)
        {
            screen.Json(workflows, CliJson.Readable.IReadOnlyListWorkflowSummary, CliJson.Readable.WorkflowSummary);
            return ExitCode.Done;
        }
        var table = Cells.Table("Workflow", "Versions", "Runs", "Last created", "Last status");
        foreach (var workflow in workflows)
        {
            table.AddRow(Cells.Cell(Plain.Text(workflow.Name)), Cells.Cell(string.Join(", ", workflow.Versions.Select(Cells.Of))),
                Cells.Cell(string.Join(", ", workflow.Runs.Select(static runs => $"{Cells.Of(runs.Value)} {runs.Key}"))), Cells.Cell(Cells.Of(workflow.LastCreatedAt)),
                workflow.LastStatus is { } status ? Cells.Status(status) : Cells.Cell(""));
        }
        screen.Show(table);
        return ExitCode.Done;
    }
}
