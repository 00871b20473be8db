using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.People;

/// <summary><c>perdure hooks resume TOKEN '{"paid":true}'</c></summary>
internal sealed class SendHookCommand : HookCommand
{
    private readonly Argument<string?> _payload = new("json") { Description = "The answer: JSON, @file, or - for standard input; default: null.", Arity = ArgumentArity.ZeroOrOne };

    public SendHookCommand() : base("resume", "Answers a hook. The answer is checked first.")
    {
        Aliases.Add("send");
        Add(_payload);
    }

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var token = TokenIn(given);
        await client.ResumeHookAsync(token, await JsonInput.ReadAsync(given.GetValue(_payload), "The answer", stop), stop);
        return Tell(screen, await client.GetHookAsync(token, stop));
    }
}
