using Npgsql;

namespace Perdure.PostgreSql.Access;

/// <summary>The pool of a store that was given a connection string only.</summary>
internal static class OwnSource
{
    /// <summary>
    /// A source that knows the few types that the store uses, which every server has under the same numbers: a process that learned all others, and asked the server for its own,
    /// would begin its first run a good deal later.
    /// </summary>
    public static NpgsqlDataSource Create(NpgsqlConnectionStringBuilder parts) =>
        new NpgsqlSlimDataSourceBuilder(parts.ConnectionString)
            .EnableArrays()
            .EnableTransportSecurity()
            .EnableIntegratedSecurity()
            .ConfigureTypeLoading(static types => types.EnableTypeLoading(false))
            .Build();
}
