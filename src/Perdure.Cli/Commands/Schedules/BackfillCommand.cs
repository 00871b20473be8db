using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules backfill nightly --from 2026-03-01 --to 2026-03-08</c></summary>
internal sealed class BackfillCommand : ScheduleCommand
{
    private readonly Option<string> _from = new("--from") { Description = "The first instant of the span.", HelpName = "when", Required = true };
    private readonly Option<string> _to = new("--to") { Description = "The instant before which it ends.", HelpName = "when", Required = true };

    public BackfillCommand() : base("backfill", "Starts a run for each time of a span that has none yet.")
    {
        Add(_from);
        Add(_to);
    }

    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        var from = Moments.Read(given.GetRequiredValue(_from), "--from", direction: -1)!.Value;
        var to = Moments.Read(given.GetRequiredValue(_to), "--to", direction: -1)!.Value;
        await schedules.BackfillAsync(name, from, to, stop);
        return Tell(screen, name, "Told to backfill");
    }
}
