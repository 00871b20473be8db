using System.CommandLine;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;
using Perdure.Storage;

namespace Perdure.Cli.Commands.Stores;

/// <summary><c>perdure db migrate</c>, <c>--check</c>, <c>--script</c></summary>
internal sealed class MigrateCommand : CliCommand
{
    private readonly Option<bool> _check = new("--check") { Description = "Change nothing; exit with 7 when the schema is missing, too old or too new." };
    private readonly Option<bool> _script = new("--script") { Description = "Change nothing; write the statements that make the schema." };

    public MigrateCommand() : base("migrate", "Creates the store's schema, or brings it up to date.")
    {
        Add(_check);
        Add(_script);
        Validators.Add(given =>
        {
            if (given.GetValue(_check) && given.GetValue(_script)) given.AddError("Give --check or --script, not both.");
        });
    }

    protected override async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var database = Database.Of(given);
        if (given.GetValue(_script))
        {
            Console.Out.Write(database.Script);
            return ExitCode.Done;
        }
        var screen = new Screen(given.GetValue(GlobalOptions.Output));
        await using var store = database.Open();
        try
        {
            await store.InitializeAsync(migrate: !given.GetValue(_check), stop);
            return Tell(screen, new SchemaAnswer(database.Place, UpToDate: true, Detail: null), ExitCode.Done);
        }
        catch (StoreException error) when (error.Fault == StoreFault.Schema && given.GetValue(_check))
        {
            return Tell(screen, new SchemaAnswer(database.Place, UpToDate: false, error.Message), ExitCode.Store);
        }
    }

    private static int Tell(Screen screen, SchemaAnswer answer, int exitCode)
    {
        if (!screen.IsText) screen.Json(answer, CliJson.Readable.SchemaAnswer);
        else if (answer.UpToDate) Screen.Line($"{answer.Store} is up to date");
        else Screen.Complain(answer.Detail!);
        return exitCode;
    }
}
