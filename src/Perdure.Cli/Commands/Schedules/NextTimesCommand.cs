using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules next nightly --count 10</c></summary>
internal sealed class NextTimesCommand : ScheduleCommand
{
    private readonly Option<int> _count = new("--count") { Description = "How many at most; default: 5.", HelpName = "n", DefaultValueFactory = static _ => 5 };

    public NextTimesCommand() : base("next", "Tells the next times of a schedule.") => Add(_count);

    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        var times = await schedules.NextTimesAsync(name, given.GetValue(_count), stop);
        if (screen.IsText) foreach (var time in times) Screen.Line(Cells.Of(time));
        else screen.Json(times, CliJson.Readable.IReadOnlyListDateTimeOffset, CliJson.Readable.DateTimeOffset);
        return ExitCode.Done;
    }
}
