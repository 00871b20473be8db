using Perdure.Sqlite;

namespace Perdure.Stores.Tests.Sqlite;

public sealed class ConnectionStringTests
{
    [Theory]
    [InlineData("orders.db")]
    [InlineData("Data Source=orders.db")]
    [InlineData(" data source = \"orders.db\" ; ")]
    [InlineData("Filename=orders.db")]
    [InlineData("DataSource='orders.db'")]
    public void Path_InAnySpelling_IsFound(string text) => Assert.Equal("orders.db", new SqliteStoreOptions(text).Path);

    [Fact]
    public void Keywords_AllGiven_AreTaken()
    {
        var options = new SqliteStoreOptions("Data Source=a.db;Synchronous=normal;Busy Timeout=2.5;Read Connections=7");

        Assert.Equal(SqliteSynchronous.Normal, options.Synchronous);
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.BusyTimeout);
        Assert.Equal(7, options.ReadConnections);
    }

    [Theory]
    [InlineData("Data Source=a.db;Synchronus=Normal", "Synchronous")]
    [InlineData("Data Sorce=a.db", "Data Source")]
    [InlineData("Data Source=a.db;Bussy Timeout=1", "Busy Timeout")]
    public void UnknownKeyword_IsRefusedWithTheNearest(string text, string nearest)
    {
        var error = Assert.Throws<ArgumentException>(() => new SqliteStoreOptions(text));

        Assert.Contains($"nearest known one is \"{nearest}\"", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Synchronous=Full")]
    [InlineData("Data Source=a.db;Synchronous=Sometimes")]
    [InlineData("Data Source=a.db;Synchronous=1")]
    [InlineData("Data Source=a.db;Busy Timeout=soon")]
    [InlineData("Data Source=a.db;Read Connections=-1")]
    [InlineData("Data Source=a.db;nonsense")]
    public void UnreadableText_IsRefused(string text) => Assert.ThrowsAny<ArgumentException>(() => new SqliteStoreOptions(text));

    [Fact]
    public void T15_TextThatMayBeTheRestOfAPassword_IsNotShown()
    {
        var error = Assert.Throws<ArgumentException>(() => new SqliteStoreOptions("Data Source=a.db;hunter2"));

        Assert.Contains("Part 2", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_ThatCannotBeUsed_AreRefusedByTheStore()
    {
        SqliteStoreOptions[] unusable =
        [
            new(),
            new("Data Source=:memory:"),
            new("a.db") { ReadConnections = 0 },
            new("a.db") { BusyTimeout = TimeSpan.FromSeconds(-1) },
            new("a.db") { Synchronous = (SqliteSynchronous)2 },
        ];

        foreach (var options in unusable) Assert.Throws<ArgumentException>(() => new SqliteStore(options, TimeProvider.System));
    }
}
