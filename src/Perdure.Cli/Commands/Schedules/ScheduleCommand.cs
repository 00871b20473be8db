using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Schedules;

/// <summary>A command on one schedule, which is named.</summary>
internal abstract class ScheduleCommand : ClientCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The schedule's name." };

    protected ScheduleCommand(string name, string description) : base(name, description) => Add(_name);

    /// <summary>Does what was asked.</summary>
    /// <returns>The exit code.</returns>
    protected abstract Task<int> RunAsync(ParseResult given, string name, IScheduleClient schedules, Screen screen, CancellationToken stop);

    protected sealed override Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop) =>
        RunAsync(given, given.GetRequiredValue(_name), client.Schedules, screen, stop);

    /// <summary>Tells what became of an act: to people on one line, to scripts as JSON.</summary>
    protected static int Tell(Screen screen, string name, string outcome)
    {
        if (screen.IsText) Screen.Line($"{name} {outcome}");
        else screen.Json(new ActAnswer(name, outcome), CliJson.Readable.ActAnswer);
        return ExitCode.Done;
    }
}
