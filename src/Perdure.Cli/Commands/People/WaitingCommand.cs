using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;
using Spectre.Console;

namespace Perdure.Cli.Commands.People;

/// <summary><c>perdure waiting --expiring-in 1h</c></summary>
internal sealed class WaitingCommand : ClientCommand
{
    private readonly Option<string?> _run = new("--run") { Description = "Only of this run.", HelpName = "id" };
    private readonly Option<string?> _expiring = new("--expiring-in") { Description = "Only what ends by itself within this time (1h).", HelpName = "duration" };
    private readonly Option<int> _limit = new("--limit") { Description = "At most so many; default: 50.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.ListLimit };

    public WaitingCommand() : base("waiting", "Lists what runs wait for and somebody can give them: answers to questions and hooks, signals. First what ends first.")
    {
        foreach (Option option in new Option[] { _run, _expiring, _limit }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var limit = given.GetValue(_limit);
        if (limit is < 1 or > PerdureDefaults.MaxListLimit) throw new UsageException($"--limit is 1 to {PerdureDefaults.MaxListLimit}, not {limit}.");
        var within = Moments.Duration(given.GetValue(_expiring), "--expiring-in");
        var run = given.GetValue(_run) is { } prefix ? await RunIds.ActAsync(client, prefix, run => run.GetAsync(cancellationToken: stop), stop) : null;

        var waits = new List<WaitAnswer>();
        var inputs = await client.ListInputsAsync(new InputFilter { RunId = run?.Id, ExpiringWithin = within, Limit = limit }, stop);
        foreach (var input in inputs.Inputs) waits.Add(new WaitAnswer(input.RunId, "input", input.Name, input.CreatedAt, input.ExpiresAt, input.Assignee));
        var hooks = await client.ListHooksAsync(new HookFilter { RunId = run?.Id, Status = HookStatus.Pending, ExpiringWithin = within, Limit = limit }, stop);
        foreach (var hook in hooks.Hooks) waits.Add(new WaitAnswer(hook.RunId, "hook", hook.Name, hook.CreatedAt, hook.ExpiresAt));
        var isAll = await AddSignalsAsync(client, run, DateTimeOffset.UtcNow + within, waits, stop) && inputs.Next is null && hooks.Next is null && waits.Count <= limit;

        waits.Sort(static (a, b) => (a.Until ?? DateTimeOffset.MaxValue, a.Since).CompareTo((b.Until ?? DateTimeOffset.MaxValue, b.Since)));
        if (waits.Count > limit) waits.RemoveRange(limit, waits.Count - limit);
        if (screen.IsText) Show(waits, screen);
        else screen.Json(waits, CliJson.Readable.IReadOnlyListWaitAnswer, CliJson.Readable.WaitAnswer);
        if (!isAll) Screen.Say("There are more.");
        return ExitCode.Done;
    }

    /// <summary>
    /// Signals are listed nowhere: the runs that were started last and wait are read one by one, as many as a page holds. False if there are more of them.
    /// </summary>
    private static async Task<bool> AddSignalsAsync(IPerdureClient client, RunInfo? run, DateTimeOffset? before, List<WaitAnswer> waits, CancellationToken stop)
    {
        if (run is not null)
        {
            Add(run);
            return true;
        }
        var page = await client.ListAsync(new RunFilter { Statuses = [RunStatus.Suspended], Limit = PerdureDefaults.MaxListLimit }, stop);
        foreach (var summary in page.Runs) Add(await client.GetAsync(summary.Id, cancellationToken: stop));
        return page.Next is null;

        void Add(RunInfo info)
        {
            if (info.ClosedAt is not null) return;
            foreach (var wait in info.WaitingFor)
                if (wait.Kind == "signal" && (before is null || wait.Due <= before)) waits.Add(new WaitAnswer(info.Id, "signal", wait.Name, info.UpdatedAt, wait.Due));
        }
    }

    private static void Show(List<WaitAnswer> waits, Screen screen)
    {
        var table = Cells.Table("Run", "Kind", "Name", "Since", "Until", "For");
        foreach (var wait in waits)
        {
            table.AddRow(Cells.Cell(Plain.Text(wait.RunId)), Cells.Cell(wait.Kind), Cells.Cell(Plain.Text(wait.Name)), Cells.Cell(Cells.Of(wait.Since)), Cells.Cell(Cells.Of(wait.Until)),
                Cells.Cell(Plain.Text(wait.Assignee ?? "")));
        }
        screen.Show(table);
    }
}
