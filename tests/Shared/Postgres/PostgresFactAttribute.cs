namespace Perdure.Testing.Shared.Postgres;

/// <summary>A test that needs PostgreSQL. It is left out, with the reason, only on a developer's machine that has none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public PostgresFactAttribute()
    {
        if (TestPostgres.MayBeSkipped) Skip = TestPostgres.Absent;
    }
}
