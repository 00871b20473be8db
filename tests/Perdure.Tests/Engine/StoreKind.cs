using System.Reflection;
using Xunit.Sdk;

namespace Perdure.Tests.Engine;

/// <summary>A store that an engine is tested on.</summary>
public enum StoreKind
{
    Memory,
    Sqlite,
}

/// <summary>Runs a theory once on each store.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EveryStoreAttribute : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[StoreKind.Memory], [StoreKind.Sqlite]];
}
