using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Torture.Adapter;

/// <summary>Where the runs of a test are, by the scheme of its address: the one place that knows which stores there are.</summary>
internal abstract record Database
{
    private const string SqliteScheme = "sqlite:";

    /// <summary>The schemes that can be given.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["sqlite"];

    public static Database Parse(string address) => address.StartsWith(SqliteScheme, StringComparison.Ordinal)
        ? new SqliteFile(address[SqliteScheme.Length..])
        : throw new NotSupportedException($"The address has none of the schemes {string.Join(", ", Schemes)}.");

    /// <summary>Registers the store.</summary>
    /// <param name="builder">The engine that is to use it.</param>
    /// <param name="connections">How many connections this process may have.</param>
    public abstract void Register(IPerdureBuilder builder, int connections);

    private sealed record SqliteFile(string Path) : Database
    {
        // One connection writes; the others read.
        public override void Register(IPerdureBuilder builder, int connections) =>
            builder.UseSqlite(Path, sqlite => sqlite.ReadConnections = Math.Clamp(connections - 1, 1, 4));
    }
}
