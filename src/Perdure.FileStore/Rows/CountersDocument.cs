namespace Perdure.Files.Rows;

/// <summary>Keys that were given away, and are never given again.</summary>
/// <param name="NextRunKey">The key that comes next.</param>
/// <param name="LastWorkerKey">The key that came last.</param>
internal sealed record CountersDocument(long NextRunKey, long LastWorkerKey);
