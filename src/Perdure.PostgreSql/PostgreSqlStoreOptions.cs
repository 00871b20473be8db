using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql;

/// <summary>How a PostgreSQL database is used. Read once, when the store is created; not thread safe.</summary>
public sealed class PostgreSqlStoreOptions
{
    /// <summary>Schema that holds the store's tables and functions. Several stores in one database differ by it.</summary>
    /// <value>Default: <c>perdure</c>. 1 to 41 characters: a lower-case letter or underscore, then lower-case letters, digits and underscores.</value>
    public string Schema { get; set; } = "perdure";

    /// <summary>How long one call may take before it is given up and its outcome looked up.</summary>
    /// <value>Default: 15 seconds. At least one second; whole seconds, rounded up.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether a pooler stands between that gives each transaction another connection of the server (PgBouncer in transaction mode). Then no statement is prepared, and
    /// nothing is kept in a session: other processes are heard by polling only, and a worker's death is noticed when its lease ends.
    /// </summary>
    /// <value>Default: <see langword="false"/>. A pooler is also noticed by itself as far as listening and the early notice of deaths go, but not for prepared statements.</value>
    public bool Pooled { get; set; }

    /// <summary>
    /// Whether processes tell each other by <c>NOTIFY</c> that there is something to do, and keep a session open to listen and to show that they live. Without it everything
    /// is found by polling.
    /// </summary>
    /// <value>Default: <see langword="true"/>.</value>
    public bool Notifications { get; set; } = true;

    /// <summary>Told of every connection before it is used: by it tests govern the store's clock.</summary>
    internal Func<NpgsqlConnection, Task>? OnOpened { get; set; }

    /// <summary>How long a look at the other workers, made by a renewal on its way, serves the search for dead ones. Tests with a clock of their own set it to nothing.</summary>
    internal TimeSpan LookLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Throws unless every value can be used.</summary>
    internal void Validate()
    {
        if (!SchemaName.IsValid(Schema))
            throw new ArgumentException(
                $"Schema is \"{Schema}\"; it must begin with a lower-case letter or an underscore, go on with those and digits, and have at most 41 characters.");
        if (CommandTimeout < TimeSpan.FromSeconds(1)) throw new ArgumentException($"CommandTimeout is {CommandTimeout}; it must be at least one second.");
    }
}
