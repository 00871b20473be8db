using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules show nightly</c></summary>
internal sealed class ShowScheduleCommand() : ScheduleCommand("show", "Shows one schedule and its last decisions.")
{
    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        if (await schedules.GetAsync(name, stop) is not { } schedule)
        {
            Screen.Complain($"There is no schedule '{name}', or no worker has read its creation yet.");
            return ExitCode.NotFound;
        }
        if (screen.IsText) SchedulePage.Write(schedule, screen);
        else screen.Json(schedule, CliJson.Readable.ScheduleInfo);
        return ExitCode.Done;
    }
}
