using System.CommandLine;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure signal 0198f2 approved true</c></summary>
internal sealed class SignalCommand : RunCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The signal's name." };
    private readonly Argument<string?> _payload = new("json") { Description = "Its payload: JSON, @file, or - for standard input; default: null.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _input = new("--input", "-i") { Description = "The payload, as an option.", HelpName = "json" };
    private readonly Option<string?> _messageId = new("--message-id") { Description = "Makes it idempotent: of several signals with one id the run takes one.", HelpName = "id" };

    public SignalCommand(string name) : base(name, "Sends a signal to a run. It is kept until the run waits for it.")
    {
        Add(_name);
        Add(_payload);
        Add(_input);
        Add(_messageId);
    }

    protected override async Task<int> RunAsync(ParseResult given, RunHandle run, Screen screen, CancellationToken stop)
    {
        var (argument, option) = (given.GetValue(_payload), given.GetValue(_input));
        if (argument is not null && option is not null) throw new UsageException("The payload is given twice: as an argument and by --input.");
        var payload = await JsonInput.ReadAsync(argument ?? option, "The payload", stop);
        await run.SignalAsync(given.GetRequiredValue(_name), payload, given.GetValue(_messageId), stop);
        return Tell(screen, run, "Sent");
    }
}
