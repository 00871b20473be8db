namespace Perdure.Sqlite.Schema;

/// <summary>One step of the schema. Once released it never changes; what comes later is a later step.</summary>
/// <param name="Version">The version that the schema has after it; 1, 2, 3 …</param>
/// <param name="Name">What it brings, for people who look into the table of versions.</param>
/// <param name="Script">Its statements.</param>
/// <param name="Oldest">
/// The oldest build that may work on the schema after it, by the version that this build knows: an earlier one if the step only adds what that build need not know, its own version if it
/// does not. From <see cref="CompatibilitySchema"/> on this is stored.
/// </param>
internal sealed record Migration(int Version, string Name, string Script, int Oldest)
{
    /// <summary>Whether the table of versions can hold <see cref="Oldest"/>.</summary>
    public bool SaysOldest => Version >= CompatibilitySchema.Version;
}
