using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Perdure.Cli.Commands;
using Perdure.Cli.Input;
using Perdure.Storage;

namespace Perdure.Cli.Databases;

/// <summary>
/// Which store a command works on. What distinguishes the stores is behind this type; a new one derives from it and gets its line in <see cref="Parse"/>.
/// </summary>
internal abstract class Database
{
    /// <summary>The environment variables that name the store, the first one wins.</summary>
    public static readonly string[] Variables = ["PERDURE_DB", "PERDURE_CONNECTION"];

    /// <summary>Where it is, without anything secret.</summary>
    public abstract string Place { get; }

    /// <summary>Whether starting something creates the schema, or brings it up to date, without being asked.</summary>
    public abstract bool MigratesByItself { get; }

    /// <summary>Whether it is certain, without asking it, that there is no store yet.</summary>
    public abstract bool IsMissing { get; }

    /// <summary>The statements that make the schema, in order.</summary>
    public abstract string Script { get; }

    /// <summary>What <see cref="Of(ParseResult)"/> was given: for a process that shall work on the same store.</summary>
    public required string Address { get; init; }

    /// <summary>The store, not yet touched.</summary>
    /// <param name="logs">Where the store's own log goes; null for nowhere.</param>
    public abstract IPerdureStore Open(ILoggerFactory? logs = null);

    /// <summary>Writes a consistent copy while everybody works.</summary>
    /// <param name="target">The file, or folder, that it becomes.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="UsageException">That is another program's work; the message says how it is done.</exception>
    public abstract Task BackUpAsync(string target, CancellationToken stop);

    /// <summary>What is wrong with the store as such, besides its runs.</summary>
    public virtual Task<IReadOnlyList<string>> FindProblemsAsync(IPerdureStore store, CancellationToken stop) => Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Gives unused space back.</summary>
    /// <exception cref="UsageException">There is nothing to do here; the message says why.</exception>
    public abstract Task CompactAsync(CancellationToken stop);

    /// <summary>Lets an engine keep its runs there.</summary>
    public virtual void Use(IPerdureBuilder builder) => builder.UseStore("--db", services => Open(services.GetService<ILoggerFactory>()));

    /// <exception cref="UsageException">None was named, or it cannot be understood.</exception>
    public static Database Of(ParseResult given)
    {
        var address = given.GetValue(GlobalOptions.Database);
        foreach (var variable in Variables)
            if (string.IsNullOrWhiteSpace(address)) address = Environment.GetEnvironmentVariable(variable);
        if (string.IsNullOrWhiteSpace(address)) address = ToolFile.Read("db");
        if (string.IsNullOrWhiteSpace(address)) throw new UsageException("Which store? Give --db app.db, or set PERDURE_DB.");
        return Parse(address.Trim(), given.GetValue(GlobalOptions.Schema));
    }

    /// <exception cref="UsageException">It cannot be understood.</exception>
    public static Database Parse(string address, string? schema)
    {
        if (PostgreSqlDatabase.IsMeant(address)) return PostgreSqlDatabase.From(address, schema);
        if (schema is not null) throw new UsageException("--schema is for PostgreSQL stores; files have none.");
        if (FileDatabase.IsMeant(address)) return FileDatabase.From(address);
        return SqliteDatabase.From(address);
    }
}
