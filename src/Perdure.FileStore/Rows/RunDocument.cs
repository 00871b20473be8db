namespace Perdure.Files.Rows;

/// <summary>A run as its file shows it. Its events are in a file of their own.</summary>
/// <param name="State">The parts that change.</param>
/// <param name="Birth">The parts that never change, without the first events.</param>
internal sealed record RunDocument(RunState State, RunBirth Birth);
