using System.Reflection;
using Perdure.Testing.Shared.Postgres;
using Xunit.Sdk;

namespace Perdure.Tests.Engine;

/// <summary>A store that an engine is tested on.</summary>
public enum StoreKind
{
    Memory,
    File,
    Sqlite,
    PostgreSql,
}

/// <summary>Runs a theory once on each store.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryStoreAttribute : DataAttribute
{
    /// <summary>Whether several workers live at once, which the file store has no room for.</summary>
    public bool SeveralWorkers { get; set; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        yield return [StoreKind.Memory];
        if (!SeveralWorkers) yield return [StoreKind.File];
        yield return [StoreKind.Sqlite];
        // Left out only on a developer's machine that has no server.
        if (!TestPostgres.MayBeSkipped) yield return [StoreKind.PostgreSql];
    }
}
