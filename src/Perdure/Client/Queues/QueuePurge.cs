namespace Perdure;

/// <summary>What <see cref="IQueueClient.PurgeAsync"/> has done. Immutable.</summary>
/// <param name="Runs">How many runs were told to end.</param>
/// <param name="Activities">How many activities were withdrawn.</param>
public sealed record QueuePurge(int Runs, int Activities);
