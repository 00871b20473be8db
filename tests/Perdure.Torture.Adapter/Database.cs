using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Perdure.Torture.Adapter;

/// <summary>Where the runs of a test are, by the scheme of its address: the one place that knows which stores there are.</summary>
internal abstract partial record Database
{
    private const string SqliteScheme = "sqlite:";

    /// <summary>The schemes that can be given.</summary>
    public static IReadOnlyList<string> Schemes { get; } = ["sqlite", "postgres"];

    public static Database Parse(string address) =>
        address.StartsWith(SqliteScheme, StringComparison.Ordinal) ? new SqliteFile(address[SqliteScheme.Length..])
        : ServerAddress().Match(address) is { Success: true } server ? new PostgreSqlDatabase(server)
        : throw new NotSupportedException($"The address has none of the schemes {string.Join(", ", Schemes)}.");

    /// <summary>Registers the store.</summary>
    /// <param name="builder">The engine that is to use it.</param>
    /// <param name="connections">How many connections this process may have.</param>
    public abstract void Register(IPerdureBuilder builder, int connections);

    // The host may be a folder with a socket, escaped.
    [GeneratedRegex("^postgres(ql)?://(?<user>[^:@/]+)(:(?<password>[^@/]*))?@(?<host>[^:/]+)(:(?<port>[0-9]+))?/(?<database>[^?]+)$")]
    private static partial Regex ServerAddress();

    private sealed record PostgreSqlDatabase(Match Address) : Database
    {
        /// <summary>The listening connection and one for the rest.</summary>
        private const int LeastConnections = 2;

        public override void Register(IPerdureBuilder builder, int connections)
        {
            var parts = new NpgsqlConnectionStringBuilder
            {
                Host = Part("host"), Username = Part("user"), Database = Part("database"), MaxPoolSize = Math.Max(connections, LeastConnections),
            };
            if (Part("password") is { Length: > 0 } password) parts.Password = password;
            if (Part("port") is { Length: > 0 } port) parts.Port = int.Parse(port, CultureInfo.InvariantCulture);
            builder.Services.Configure<PerdureOptions>(static options => options.AutoMigrate = true);
            builder.UsePostgreSql(parts.ConnectionString);
        }

        private string Part(string name) => Uri.UnescapeDataString(Address.Groups[name].Value);
    }

    private sealed record SqliteFile(string Path) : Database
    {
        // One connection writes; the others read.
        public override void Register(IPerdureBuilder builder, int connections) =>
            builder.UseSqlite(Path, sqlite => sqlite.ReadConnections = Math.Clamp(connections - 1, 1, 4));
    }
}
