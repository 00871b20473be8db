using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure children 0198f2</c></summary>
internal sealed class ChildrenCommand : ClientCommand
{
    private readonly Argument<string> _id = new("id") { Description = "The parent's id, or as much of it as no other has." };
    private readonly Option<int> _limit = new("--limit") { Description = "At most so many; default: 50.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.ListLimit };
    private readonly Option<string?> _cursor = new("--cursor") { Description = "Where the page before ended.", HelpName = "cursor" };

    public ChildrenCommand() : base("children", "Lists the children of a run, newest first.")
    {
        Add(_id);
        Add(_limit);
        Add(_cursor);
    }

    protected override Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop) => RunIds.ActAsync(client, given.GetRequiredValue(_id), async run =>
    {
        // A run that is not there has no children either; that is another answer than none.
        await run.StatusAsync(stop);
        RunTable.Write(await client.ListAsync(new RunFilter { Parent = run.Id, Limit = given.GetValue(_limit), After = given.GetValue(_cursor) }, stop), screen);
        return ExitCode.Done;
    }, stop);
}
