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

/// <summary>Runs a theory once on each store, with these values behind the store's kind.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class EveryStoreAttribute(params object[] values) : DataAttribute
{
    /// <summary>Whether several workers live at once, which the file store has no room for.</summary>
    public bool SeveralWorkers { get; set; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        yield return [StoreKind.Memory, .. values];
        if (!SeveralWorkers) yield return [StoreKind.File, .. values];
        yield return [StoreKind.Sqlite, .. values];
        // Left out only on a developer's machine that has no server.
        if (!TestPostgres.MayBeSkipped) yield return [StoreKind.PostgreSql, .. values];
    }
}
