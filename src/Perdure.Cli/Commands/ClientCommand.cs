using System.CommandLine;
using Perdure.Cli.Databases;
using Perdure.Cli.Hosting;
using Perdure.Cli.Output;
using Perdure.Storage;

namespace Perdure.Cli.Commands;

/// <summary>A command that asks or tells something through the client. It takes no work, and creates no store.</summary>
internal abstract class ClientCommand(string name, string description) : CliCommand(name, description)
{
    /// <summary>Whether a store that is not there yet is created, where the store does that by itself.</summary>
    protected virtual bool CreatesStore => false;

    /// <summary>The assembly whose workflows it wants to know; null for none.</summary>
    protected virtual WorkflowAssembly? CodeIn(ParseResult given) => null;

    /// <summary>Does what was asked.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop);

    protected sealed override async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var database = Database.Of(given);
        var creates = CreatesStore && database.MigratesByItself;
        if (!creates && database.IsMissing)
            throw new StoreException(StoreFault.Schema, $"There is no store at {database.Place}.");
        await using var session = ClientSession.Open(database, creates, CodeIn(given));
        return await RunAsync(given, session.Client, new Screen(given.GetValue(GlobalOptions.Output)), stop);
    }
}
