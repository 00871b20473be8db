namespace Perdure;

/// <summary>What became of one item.</summary>
/// <typeparam name="T">The results' type.</typeparam>
/// <param name="Index">Its place among the items, from 0.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Value">Its result, if it has one.</param>
/// <param name="Error">What it failed with, if it failed.</param>
public readonly record struct FanOutItem<T>(int Index, FanOutOutcome Outcome, T? Value, Exception? Error);
