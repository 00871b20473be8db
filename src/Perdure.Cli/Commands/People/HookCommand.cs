using System.CommandLine;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.People;

/// <summary>A command on one hook, which is named by its token.</summary>
internal abstract class HookCommand : ClientCommand
{
    private readonly Argument<string> _token = new("token") { Description = "The hook's token, or - to read it from the variable PERDURE_HOOK_TOKEN: other users can read the words of a command." };

    protected HookCommand(string name, string description) : base(name, description) => Add(_token);

    /// <exception cref="UsageException">The variable is empty.</exception>
    protected string TokenIn(ParseResult given)
    {
        var token = given.GetRequiredValue(_token);
        if (token != "-") return token;
        return Environment.GetEnvironmentVariable("PERDURE_HOOK_TOKEN") is { Length: > 0 } secret ? secret : throw new UsageException("Which hook? The variable PERDURE_HOOK_TOKEN is empty.");
    }

    /// <summary>Tells where a hook stands.</summary>
    protected static int Tell(Screen screen, HookInfo hook)
    {
        if (screen.IsText) Screen.Line($"{Plain.Text(hook.RunId)} {Plain.Text(hook.Name)} {hook.Status}, {ListHooksCommand.Answers(hook)} answers{(hook.ExpiresAt is { } until ? $", until {Cells.Of(until)}" : "")}");
        else screen.Json(hook, CliJson.Readable.HookInfo);
        return ExitCode.Done;
    }
}
