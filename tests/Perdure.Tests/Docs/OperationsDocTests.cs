using System.Reflection;
using Microsoft.Extensions.Logging;
using Perdure.Files;
using Perdure.PostgreSql;
using Perdure.Sqlite;
using Perdure.Storage;

namespace Perdure.Tests.Docs;

/// <summary><c>docs/operations.md</c> names the log's events as the code does.</summary>
public sealed class OperationsDocTests
{
    [Fact]
    public void LogEvents_AreTheOnesInTheTable()
    {
        var documented = Markdown.Rows(Markdown.Read("docs/operations.md"), "Id").Select(row => $"{row[0]} {row[1]}").Order(StringComparer.Ordinal);
        var actual = new[] { typeof(IPerdureStore).Assembly, typeof(SqliteStore).Assembly, typeof(FileStore).Assembly, typeof(PostgreSqlStore).Assembly }.SelectMany(assembly => assembly.GetTypes())
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>()).OfType<LoggerMessageAttribute>()
            .Select(message => $"{message.EventId} {message.Level}").Order(StringComparer.Ordinal);
        Assert.Equal(actual, documented);
    }
}
