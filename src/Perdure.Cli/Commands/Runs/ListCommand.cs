using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure list --status Failed --since 1d</c></summary>
internal sealed class ListCommand : ClientCommand
{
    private readonly RunFilters _filters = new();
    private readonly Option<int> _limit = new("--limit") { Description = "At most so many; default: 50.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.ListLimit };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "Where the page before ended.", HelpName = "cursor" };

    public ListCommand() : base("list", "Lists runs, newest first.")
    {
        _filters.AddTo(this);
        Add(_limit);
        Add(_cursor);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var page = await client.ListAsync(_filters.Read(given) with { Limit = given.GetValue(_limit), After = given.GetValue(_cursor) }, stop);
        RunTable.Write(page, screen);
        return ExitCode.Done;
    }
}
