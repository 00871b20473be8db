using System.CommandLine;
using Perdure.Cli.Databases;
using Perdure.Cli.Output;
using Perdure.Storage;

namespace Perdure.Cli.Commands.Stores;

/// <summary><c>perdure db check</c></summary>
internal sealed class CheckStoreCommand() : CliCommand("check", "Reads the whole store, and says what is damaged. Changes nothing.")
{
    protected override async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var database = Database.Of(given);
        if (database.IsMissing) throw new StoreException(StoreFault.Schema, $"There is no store at {database.Place}.");
        await using var store = database.Open();
        await store.InitializeAsync(migrate: false, stop);
        var problems = await database.FindProblemsAsync(store, stop);
        var report = await StoreCheck.RunAsync(store, stop);
        var isSound = problems.Count == 0 && report.Damaged.Count == 0;

        var screen = new Screen(given.GetValue(GlobalOptions.Output));
        if (!screen.IsText)
        {
            screen.Json(new CheckAnswer(database.Place, isSound, report.Runs, report.Events, problems, report.Damaged), CliJson.Readable.CheckAnswer);
            return isSound ? ExitCode.Done : ExitCode.Failed;
        }
        foreach (var problem in problems) Screen.Line(Plain.Text(problem));
        foreach (var run in report.Damaged) Screen.Line($"{Plain.Text(run.Id)}  {Plain.Text(run.Problem)}");
        Screen.Line($"{Cells.Of(report.Runs)} runs with {report.Events.ToString(System.Globalization.CultureInfo.InvariantCulture)} events: {(isSound ? "nothing is damaged" : $"{Cells.Of(report.Damaged.Count)} are damaged")}");
        return isSound ? ExitCode.Done : ExitCode.Failed;
    }
}
