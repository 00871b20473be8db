using Perdure.Files;
using Perdure.PostgreSql;
using Perdure.Sqlite;
using Perdure.Storage;
using Perdure.Storage.Memory;
using Perdure.Stores.Tests.Differential;

namespace Perdure.Stores.Tests.Contract;

/// <summary>No store of the product is left out of what all stores must do.</summary>
public sealed class ContractCoverageTests
{
    [Fact]
    public void O1_EveryStoreIsHeldToEverySuite()
    {
        Type[] products = [typeof(FileStore), typeof(MemoryStore), typeof(PostgreSqlStore), typeof(SqliteStore)];
        var stores = products.Select(type => type.Assembly).Distinct().SelectMany(assembly => assembly.GetTypes())
            .Where(type => type is { IsClass: true, IsAbstract: false } && typeof(IPerdureStore).IsAssignableFrom(type)).ToArray();
        Assert.Equal(products.OrderBy(type => type.Name), stores.OrderBy(type => type.Name));

        foreach (var suite in new[] { typeof(StoreContract), typeof(StoreDifferential) })
        {
            var held = typeof(ContractCoverageTests).Assembly.GetTypes().Where(type => type is { IsAbstract: false } && type.IsSubclassOf(suite)).ToArray();
            foreach (var store in stores)
            {
                // The class is named for its store and its suite.
                var name = store.Name + suite.Name["Store".Length..];
                var type = Assert.Single(held, type => type.Name == name);
                Assert.True(type.IsPublic, $"{name} must be public: xunit finds no others.");
                Assert.Contains(type.GetMethods(), method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0);
            }
        }
    }
}
