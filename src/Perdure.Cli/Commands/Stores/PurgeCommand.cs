using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Stores;

/// <summary><c>perdure db purge --older-than 30d --dry-run</c></summary>
internal sealed class PurgeCommand : ClientCommand
{
    private readonly Option<string> _olderThan = new("--older-than") { Description = "Runs that ended so long ago, or longer (30d).", HelpName = "age", Required = true };
    private readonly Option<string[]> _status = new("--status") { Description = "Runs that ended so; may be given several times, or as Completed,Cancelled. Default: Completed,Failed.", HelpName = "status" };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only count them." };
    private readonly Option<int> _batchSize = new("--batch-size")
    {
        Description = "Runs in one transaction, 1 to 10000; default: 1000.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.RetentionBatch,
    };

    public PurgeCommand() : base("purge", "Deletes runs that ended long ago, with their histories. Never a live run.")
    {
        foreach (Option option in new Option[] { _olderThan, _status, _dryRun, _batchSize }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var age = given.GetRequiredValue(_olderThan);
        var options = new PurgeOptions { OlderThan = Moments.Duration(age, "--older-than")!.Value, DryRun = given.GetValue(_dryRun), BatchSize = given.GetValue(_batchSize) };
        if (Statuses.Read(given.GetValue(_status)) is { Count: > 0 } statuses) options = options with { Statuses = statuses };
        if (!options.DryRun && !Confirmation.Get(given, $"Delete all {string.Join(", ", options.Statuses)} runs that ended {age} ago or earlier?")) return ExitCode.Failed;

        var report = await client.PurgeAsync(options, stop);
        if (!screen.IsText)
        {
            screen.Json(new PurgeAnswer(options.DryRun, report.Count, report.Runs.ToDictionary(static runs => runs.Key.ToString(), static runs => runs.Value)), CliJson.Readable.PurgeAnswer);
            return ExitCode.Done;
        }
        foreach (var (status, count) in report.Runs) Screen.Line($"{status,-10} {Cells.Of(count)}");
        Screen.Line($"{(options.DryRun ? "would go" : "deleted"),-10} {Cells.Of(report.Count)}");
        return ExitCode.Done;
    }
}
