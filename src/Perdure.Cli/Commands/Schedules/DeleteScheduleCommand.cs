using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules delete nightly --yes</c></summary>
internal sealed class DeleteScheduleCommand() : ScheduleCommand("delete", "Ends a schedule; runs that it started go on.")
{
    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        if (!Confirmation.Get(given, $"End the schedule {name}?")) return ExitCode.Failed;
        await schedules.DeleteAsync(name, stop);
        return Tell(screen, name, "Deleted");
    }
}
