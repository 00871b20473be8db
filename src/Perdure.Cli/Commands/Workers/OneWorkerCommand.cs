using System.CommandLine;
using System.Globalization;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Workers;

/// <summary>A command on one worker, which is named by its number, or by its name if no other has that.</summary>
internal abstract class OneWorkerCommand : ClientCommand
{
    private readonly Argument<string> _worker = new("worker") { Description = "The worker's number, or its name." };

    protected OneWorkerCommand(string name, string description) : base(name, description) => Add(_worker);

    /// <summary>Whether it takes work, in a cell or in a sentence.</summary>
    public static string State(WorkerInfo worker)
    {
        if (worker.PausedAt is not { } at) return "takes work";
        var by = worker.PausedBy is { } who ? $" by {Plain.Text(who)}" : "";
        return $"paused{by} since {Cells.Of(at)}{(worker.PauseReason is { } reason ? $" ({Plain.Text(reason)})" : "")}";
    }

    /// <summary>Does what was asked, and answers with the worker after it.</summary>
    protected abstract Task<WorkerInfo> ChangeAsync(ParseResult given, long number, IWorkerClient workers, CancellationToken stop);

    protected sealed override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var worker = await ChangeAsync(given, await NumberAsync(given.GetRequiredValue(_worker), client.Workers, stop), client.Workers, stop);
        if (screen.IsText) Screen.Line(string.Create(CultureInfo.InvariantCulture, $"{worker.Number} {Plain.Text(worker.Name)} {State(worker)}, {worker.ActiveRuns} runs, {worker.ActiveActivities} activities"));
        else screen.Json(worker, CliJson.Readable.WorkerInfo);
        return ExitCode.Done;
    }

    private static async Task<long> NumberAsync(string worker, IWorkerClient workers, CancellationToken stop)
    {
        if (long.TryParse(worker, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
        var named = (await workers.ListAsync(stop)).Where(known => known.Name == worker).ToList();
        return named switch
        {
            [var only] => only.Number,
            [] => throw new UsageException($"No worker with the name {Plain.Text(worker)} is alive. See perdure workers list."),
            _ => throw new UsageException($"{named.Count} workers have the name {Plain.Text(worker)}: {string.Join(", ", named.Select(static known => Cells.Of(known.Number)))}. Give a number."),
        };
    }
}
