using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary><c>perdure schedules trigger nightly --input '"everything"'</c></summary>
internal sealed class TriggerCommand : ScheduleCommand
{
    private readonly Option<string?> _input = new("--input") { Description = "JSON input of that run; default: that of the schedule.", HelpName = "json" };

    public TriggerCommand() : base("trigger", "Starts one extra run now.") => Add(_input);

    protected override async Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop)
    {
        await schedules.TriggerAsync(name, await JsonInput.ReadAsync(given.GetValue(_input), "--input", stop), stop);
        return Tell(screen, name, "Triggered");
    }
}
