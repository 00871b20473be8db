namespace Perdure.Sqlite.Schema;

/// <summary>One step of the schema. Once released it never changes; what comes later is a later step.</summary>
/// <param name="Version">The version that the schema has after it; 1, 2, 3 …</param>
/// <param name="Name">What it brings, for people who look into the table of versions.</param>
/// <param name="Script">Its statements.</param>
internal sealed record Migration(int Version, string Name, string Script);
