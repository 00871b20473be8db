namespace Perdure.Cli.Output;

/// <summary>What the purge of a queue has done.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Runs">How many runs were told to end.</param>
/// <param name="Activities">How many activities were withdrawn.</param>
internal sealed record QueuePurgeAnswer(string Queue, int Runs, int Activities);
