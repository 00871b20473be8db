using Microsoft.Extensions.Logging;
using Perdure.Sqlite;
using Perdure.Storage;

namespace Perdure.Cli.Databases;

/// <summary>A SQLite file.</summary>
internal sealed class SqliteDatabase : Database
{
    private const string Scheme = "sqlite:";

    private readonly SqliteStoreOptions _options;

    private SqliteDatabase(SqliteStoreOptions options) => _options = options;

    public override string Place => _options.Path;

    public override bool MigratesByItself => true;

    public override bool IsMissing => !File.Exists(_options.Path);

    public override string Script => SqliteSchema.Script;

    /// <exception cref="UsageException">It cannot be understood.</exception>
    public static SqliteDatabase From(string address)
    {
        try
        {
            var options = address.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
                ? new SqliteStoreOptions { Path = PathOf(address[Scheme.Length..]) }
                : new SqliteStoreOptions(address);
            return new SqliteDatabase(options) { Address = address };
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message, error);
        }
    }

    public override async Task BackUpAsync(string target, CancellationToken stop)
    {
        await using var store = OpenFile(logs: null);
        await store.BackUpAsync(target, stop);
    }

    public override Task<IReadOnlyList<string>> FindProblemsAsync(IPerdureStore store, CancellationToken stop) => ((SqliteStore)store).FindProblemsAsync(stop);

    public override async Task CompactAsync(CancellationToken stop)
    {
        await using var store = OpenFile(logs: null);
        await store.CompactAsync(stop);
    }

    public override IPerdureStore Open(ILoggerFactory? logs) => OpenFile(logs);

    private SqliteStore OpenFile(ILoggerFactory? logs)
    {
        try
        {
            return new SqliteStore(_options, TimeProvider.System, logs?.CreateLogger("Perdure.Sqlite"));
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message, error);
        }
    }

    // sqlite:app.db, sqlite:/data/app.db and sqlite:///data/app.db are all in use.
    private static string PathOf(string rest) => rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
}
