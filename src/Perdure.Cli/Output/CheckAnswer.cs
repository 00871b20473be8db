using Perdure.Storage;

namespace Perdure.Cli.Output;

/// <summary>What a check of a store has found.</summary>
/// <param name="Store">Where the store is.</param>
/// <param name="IsSound">Whether nothing is damaged.</param>
/// <param name="Runs">How many runs were read.</param>
/// <param name="Events">How many events they have.</param>
/// <param name="Problems">What is wrong with the store as such.</param>
/// <param name="Damaged">The damaged runs.</param>
internal sealed record CheckAnswer(string Store, bool IsSound, int Runs, long Events, IReadOnlyList<string> Problems, IReadOnlyList<DamagedRun> Damaged);
