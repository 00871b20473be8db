using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules pause nightly --reason "maintenance"</c></summary>
internal sealed class PauseScheduleCommand : ScheduleCommand
{
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for people.", HelpName = "text" };

    public PauseScheduleCommand() : base("pause", "Lets a schedule stand still.") => Add(_reason);

    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        await schedules.PauseAsync(name, given.GetValue(_reason), stop);
        return Tell(screen, name, "Told to pause");
    }
}
