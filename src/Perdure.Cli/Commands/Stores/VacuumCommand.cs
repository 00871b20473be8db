using System.CommandLine;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;
using Perdure.Storage;

namespace Perdure.Cli.Commands.Stores;

/// <summary><c>perdure db vacuum</c></summary>
internal sealed class VacuumCommand() : CliCommand("vacuum", "Gives back to the disk what deleted runs have left empty. Nobody else writes meanwhile.")
{
    protected override async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var database = Database.Of(given);
        if (database.IsMissing) throw new StoreException(StoreFault.Schema, $"There is no store at {database.Place}.");
        await database.CompactAsync(stop);
        Screen.Say($"{database.Place} is compact");
        return ExitCode.Done;
    }
}
