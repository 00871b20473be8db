namespace Perdure.Testing.Shared.Postgres;

/// <summary>A test that needs PostgreSQL and PgBouncer. It is left out, with the reason, where there is none and nobody demands it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresPoolerFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public PostgresPoolerFactAttribute()
    {
        if (TestPostgres.MayBeSkipped) Skip = TestPostgres.Absent;
        else if (PostgresPooler.Program is null && Environment.GetEnvironmentVariable("PERDURE_REQUIRE_PGBOUNCER") is not "1") Skip = "There is no PgBouncer: install it (Debian: apt-get install pgbouncer).";
    }
}
