using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules resume nightly</c></summary>
internal sealed class ResumeScheduleCommand() : ScheduleCommand("resume", "Lets a paused schedule go on; nothing is made up for.")
{
    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        await schedules.ResumeAsync(name, stop);
        return Tell(screen, name, "Told to go on");
    }
}
