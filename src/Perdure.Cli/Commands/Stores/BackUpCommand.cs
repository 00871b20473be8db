using System.CommandLine;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;
using Perdure.Storage;

namespace Perdure.Cli.Commands.Stores;

/// <summary><c>perdure db backup copy.db</c></summary>
internal sealed class BackUpCommand : CliCommand
{
    private readonly Argument<string> _target = new("file") { Description = "The file that the copy becomes, or the folder; it must not be there yet." };

    public BackUpCommand() : base("backup", "Writes a consistent copy of the store while everybody works.") => Add(_target);

    protected override async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var (database, target) = (Database.Of(given), given.GetRequiredValue(_target));
        if (database.IsMissing) throw new StoreException(StoreFault.Schema, $"There is no store at {database.Place}.");
        await database.BackUpAsync(target, stop);
        var screen = new Screen(given.GetValue(GlobalOptions.Output));
        if (screen.IsText) Screen.Line($"{database.Place} is copied to {target}");
        else screen.Json(new BackUpAnswer(database.Place, target), CliJson.Readable.BackUpAnswer);
        return ExitCode.Done;
    }
}
