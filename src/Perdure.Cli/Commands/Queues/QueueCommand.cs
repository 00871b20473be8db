using System.CommandLine;
using System.Globalization;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Queues;

/// <summary>A command on one queue, which is named.</summary>
internal abstract class QueueCommand : ClientCommand
{
    private readonly Argument<string> _name = new("name") { Description = "The queue's name." };

    protected QueueCommand(string name, string description) : base(name, description) => Add(_name);

    /// <summary>How a limit is written, in a cell or in a sentence.</summary>
    public static string Limit(int? limit) => limit?.ToString(CultureInfo.InvariantCulture) ?? "";

    /// <summary>How an age is written.</summary>
    public static string Age(TimeSpan age) => string.Create(CultureInfo.InvariantCulture, $"+1 every {age:c}");

    /// <summary>Does what was asked, and answers with the queue after it.</summary>
    protected abstract Task<QueueInfo> ChangeAsync(ParseResult given, string name, IQueueClient queues, CancellationToken stop);

    protected sealed override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var queue = await ChangeAsync(given, given.GetRequiredValue(_name), client.Queues, stop);
        if (screen.IsText) Screen.Line($"{Plain.Text(queue.Name)} {Describe(queue)}");
        else screen.Json(queue, CliJson.Readable.QueueInfo);
        return ExitCode.Done;
    }

    private static string Describe(QueueInfo queue)
    {
        List<string> parts = [queue.IsPaused ? "paused" : "open"];
        if (queue.MaxConcurrency is { } most) parts.Add($"at most {Limit(most)} at once");
        if (queue.MaxPerKey is { } ofKey) parts.Add($"at most {Limit(ofKey)} of a key");
        if (queue.AgeAfter is { } age) parts.Add(Age(age));
        parts.Add(string.Create(CultureInfo.InvariantCulture, $"{queue.WaitingRuns + queue.WaitingActivities} waiting, {queue.ActiveRuns + queue.ActiveActivities} active"));
        return string.Join(", ", parts);
    }
}
