using System.Globalization;

namespace Perdure.Cli.Hosting;

/// <summary>What a worker process is told to do.</summary>
/// <param name="Assembly">The assembly with workflows.</param>
/// <param name="Batch">Runs claimed at a time; null for the engine's default.</param>
/// <param name="Tick">The safety poll; null for the engine's default.</param>
/// <param name="Queues">Queues, each with its number of activities at a time; empty for the engine's default.</param>
internal sealed record WorkerOrder(string Assembly, int? Batch, TimeSpan? Tick, IReadOnlyDictionary<string, int> Queues)
{
    /// <summary>The words that make another process do the same.</summary>
    public IEnumerable<string> ToWords()
    {
        yield return "--assembly";
        yield return Assembly;
        if (Batch is { } batch)
        {
            yield return "--batch";
            yield return batch.ToString(CultureInfo.InvariantCulture);
        }
        if (Tick is { } tick)
        {
            yield return "--tick";
            yield return tick.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        }
        foreach (var (queue, concurrency) in Queues)
        {
            yield return "--queue";
            yield return string.Create(CultureInfo.InvariantCulture, $"{queue}={concurrency}");
        }
    }

    public void Apply(PerdureOptions options)
    {
        if (Batch is { } batch) options.ClaimBatch = batch;
        if (Tick is { } tick) options.PollInterval = tick;
        foreach (var (queue, concurrency) in Queues) options.Queue(queue, concurrency);
    }
}
