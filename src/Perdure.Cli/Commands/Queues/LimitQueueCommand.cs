using System.CommandLine;
using Perdure.Cli.Input;

namespace Perdure.Cli.Commands.Queues;

/// <summary><c>perdure queues limit mail --concurrency 5 --per-key 1 --age-after 1m</c></summary>
internal sealed class LimitQueueCommand : QueueCommand
{
    private readonly Option<int?> _concurrency = new("--concurrency") { Description = "How many of its runs and activities may be worked on at once, by all workers; 0 for any number.", HelpName = "n" };
    private readonly Option<int?> _perKey = new("--per-key") { Description = "How many of those with one concurrency key; 0 for any number.", HelpName = "n" };
    private readonly Option<string?> _ageAfter = new("--age-after") { Description = "How long something waits for each point of priority that it gains (1m); 0s for never.", HelpName = "duration" };

    public LimitQueueCommand() : base("limit", "Sets limits and ageing of a queue; what is not named stays as it is.")
    {
        Add(_concurrency);
        Add(_perKey);
        Add(_ageAfter);
    }

    protected override Task<QueueInfo> ChangeAsync(ParseResult given, string name, IQueueClient queues, CancellationToken stop)
    {
        var settings = new QueueSettings { MaxConcurrency = given.GetValue(_concurrency), MaxPerKey = given.GetValue(_perKey), AgeAfter = Moments.Duration(given.GetValue(_ageAfter), "--age-after") };
        if (settings == new QueueSettings()) throw new UsageException("Nothing is to change: give --concurrency, --per-key or --age-after.");
        return queues.ConfigureAsync(name, settings, stop);
    }
}
