using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary>A command on one run, which is named by its id, or on all that a filter finds.</summary>
internal abstract class RunsCommand : ClientCommand
{
    private readonly Argument<string?> _id = new("id") { Description = "The run's id, or as much of it as no other has. Without one: all runs that the filter finds.", Arity = ArgumentArity.ZeroOrOne };
    private readonly RunFilters _filters = new();
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Only count the runs that the filter finds." };
    private readonly Option<int> _rate = new("--rate") { Description = "Runs a second; default: 100.", HelpName = "n", DefaultValueFactory = static _ => PerdureDefaults.BulkPerSecond };
    private readonly Option<int?> _limit = new("--limit") { Description = "At most so many of them, the newest; default: all.", HelpName = "n" };

    private readonly BulkAct _act;

    protected RunsCommand(string name, string description, BulkAct act) : base(name, description)
    {
        _act = act;
        Add(_id);
        _filters.AddTo(this);
        foreach (Option option in new Option[] { _dryRun, _rate, _limit }) Add(option);
    }

    /// <summary>Does it to the run that was named.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop);

    /// <summary>What the command's own options mean for many runs.</summary>
    /// <exception cref="UsageException">One of them is for one run only.</exception>
    protected virtual BulkOptions OptionsIn(ParseResult given) => new();

    protected sealed override Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var isFiltered = _filters.AreGiven(given);
        if (given.GetValue(_id) is { } id)
        {
            if (isFiltered || given.GetValue(_dryRun) || given.GetValue(_limit) is not null) throw new UsageException("Name one run, or say by a filter which runs are meant, not both.");
            return RunIds.ActAsync(client, id, run => RunAsync(given, run, screen, stop), stop);
        }
        if (!isFiltered) throw new UsageException("Name a run, or say which runs are meant: --workflow, --status, --tag, --text and so on.");
        var options = OptionsIn(given) with { PerSecond = given.GetValue(_rate), AtMost = given.GetValue(_limit) };
        return BulkAsync(given, client, _filters.Read(given), options, screen, stop);
    }

    private async Task<int> BulkAsync(ParseResult given, IPerdureClient client, RunFilter filter, BulkOptions options, Screen screen, CancellationToken stop)
    {
        var found = await client.BulkAsync(_act, filter, options with { DryRun = true }, stop);
        if (given.GetValue(_dryRun) || found.Found == 0) return BulkPage.Write(found, screen);
        if (!Confirmation.Get(given, $"{_act} {Cells.Of(found.Found)} runs ({BulkPage.First(found)})?")) return ExitCode.Failed;

        BulkReport? last = null;
        try
        {
            return BulkPage.Write(await client.BulkAsync(_act, filter, options with { Progress = new Watcher(report => last = report) }, stop), screen);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Screen.Say($"Stopped after {Cells.Of(last?.Found ?? 0)} runs or a few more; what was done stays done.");
            throw;
        }
    }

    /// <summary>Tells what became of an act: to people on one line, to scripts as JSON.</summary>
    protected static int Tell(Screen screen, RunHandle run, string outcome, int exitCode = ExitCode.Done) => ActPage.Write(screen, run, outcome, exitCode);

    /// <summary>Without a detour over other threads.</summary>
    private sealed class Watcher(Action<BulkReport> see) : IProgress<BulkReport>
    {
        public void Report(BulkReport value) => see(value);
    }
}
