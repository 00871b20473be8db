using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Perdure.PostgreSql;
using Perdure.Storage;

namespace Perdure.Cli.Databases;

/// <summary>A schema of a PostgreSQL database. Its owner makes it, by <c>perdure db migrate</c>; workers need no right to.</summary>
internal sealed class PostgreSqlDatabase : Database
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];
    private static readonly string[] Keywords = ["Host", "Server"];

    private readonly NpgsqlConnectionStringBuilder _parts;
    private readonly PostgreSqlStoreOptions _options;

    private PostgreSqlDatabase(NpgsqlConnectionStringBuilder parts, PostgreSqlStoreOptions options) => (_parts, _options) = (parts, options);

    public override string Place => string.Create(CultureInfo.InvariantCulture, $"{_parts.Host}:{_parts.Port}/{_parts.Database}, schema {_options.Schema}");

    public override bool MigratesByItself => false;

    public override bool IsMissing => false;

    public override string Script => PostgreSqlSchema.Script(_options.Schema);

    /// <summary>Whether an address means such a database: a URL, or pairs that name a server.</summary>
    public static bool IsMeant(string address)
    {
        foreach (var scheme in Schemes)
            if (address.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return true;
        foreach (var pair in address.Split(';'))
            if (pair.Split('=') is [var keyword, _, ..] && Keywords.Contains(keyword.Trim(), StringComparer.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <exception cref="UsageException">It cannot be understood. What it says is not shown: it may hold a password.</exception>
    public static PostgreSqlDatabase From(string address, string? schema)
    {
        try
        {
            var options = new PostgreSqlStoreOptions();
            if (schema is not null) options.Schema = schema;
            var parts = address.Contains("://", StringComparison.Ordinal) ? FromUrl(address) : new NpgsqlConnectionStringBuilder(address);
            return new PostgreSqlDatabase(parts, options) { Address = address };
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException)
        {
            throw new UsageException("The address of the PostgreSQL store cannot be read. Write postgres://user:password@host:5432/database, or pairs: Host=…;Database=…;Username=…", error);
        }
    }

    public override Task BackUpAsync(string target, CancellationToken stop) => throw new UsageException(string.Create(CultureInfo.InvariantCulture,
        $"A PostgreSQL store is backed up with the server's own tools: pg_dump --host={_parts.Host} --port={_parts.Port} --username={_parts.Username} --dbname={_parts.Database} --schema={_options.Schema} --format=custom --file={target}"));

    public override Task CompactAsync(CancellationToken stop) => throw new UsageException("A PostgreSQL server gives unused space back by itself (autovacuum). To shrink its files, run VACUUM (FULL) on the tables while nobody works.");

    public override IPerdureStore Open(ILoggerFactory? logs)
    {
        try
        {
            return new PostgreSqlStore(_parts.ConnectionString, _options, logs?.CreateLogger("Perdure.PostgreSql"));
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message, error);
        }
    }

    /// <summary><c>postgres://user:password@host:5432/database?sslmode=require</c>: what stands behind the question mark are Npgsql's own keywords.</summary>
    private static NpgsqlConnectionStringBuilder FromUrl(string address)
    {
        var url = new Uri(address);
        var parts = new NpgsqlConnectionStringBuilder { Host = url.Host, Database = Uri.UnescapeDataString(url.AbsolutePath.TrimStart('/')) };
        if (url.Port > 0) parts.Port = url.Port;
        if (url.UserInfo.Split(':', 2) is [{ Length: > 0 } user, ..] credentials)
        {
            parts.Username = Uri.UnescapeDataString(user);
            if (credentials is [_, var password]) parts.Password = Uri.UnescapeDataString(password);
        }
        foreach (var pair in url.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (keyword, value) = pair.Split('=', 2) is [var k, var v] ? (k, v) : throw new FormatException("A keyword has no value.");
            parts[Uri.UnescapeDataString(keyword) is "sslmode" ? "SSL Mode" : Uri.UnescapeDataString(keyword)] = Uri.UnescapeDataString(value);
        }
        return parts;
    }
}
