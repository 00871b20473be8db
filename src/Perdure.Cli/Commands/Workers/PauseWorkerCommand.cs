using System.CommandLine;

namespace Perdure.Cli.Commands.Workers;

/// <summary><c>perdure workers pause 7 --reason "its disk is slow"</c></summary>
internal sealed class PauseWorkerCommand : OneWorkerCommand
{
    private readonly Option<string?> _reason = new("--reason") { Description = "Why, for people.", HelpName = "text" };
    private readonly Option<string?> _by = new("--by") { Description = "Who pauses; default: the name of the user.", HelpName = "name" };

    public PauseWorkerCommand() : base("pause", "Lets a worker take nothing; what it has goes on until it waits.")
    {
        Add(_reason);
        Add(_by);
    }

    protected override Task<WorkerInfo> ChangeAsync(ParseResult given, long number, IWorkerClient workers, CancellationToken stop) =>
        workers.PauseAsync(number, new() { Reason = given.GetValue(_reason), By = given.GetValue(_by) ?? Environment.UserName }, stop);
}
