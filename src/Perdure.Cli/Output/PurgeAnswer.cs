namespace Perdure.Cli.Output;

/// <summary>What a purge has deleted, or would.</summary>
/// <param name="DryRun">Whether the runs were only counted.</param>
/// <param name="Count">How many in all.</param>
/// <param name="Runs">How many of each status.</param>
internal sealed record PurgeAnswer(bool DryRun, int Count, IReadOnlyDictionary<string, int> Runs);
