using System.Globalization;
using System.Reflection;
using Perdure.Files;
using Perdure.PostgreSql;
using Perdure.Sqlite;

namespace Perdure.Tests.Docs;

/// <summary><c>docs/configuration.md</c> says what the code says.</summary>
public sealed class ConfigurationDocTests
{
    private static readonly string Text = Markdown.Read("docs/configuration.md");

    [Fact]
    public void Defaults_AreTheOnesInTheTable()
    {
        var documented = Markdown.Rows(Text, "Default").Select(row => $"{Markdown.Plain(row[0])} = {Markdown.Plain(row[1])}").Order(StringComparer.Ordinal);
        var actual = typeof(PerdureDefaults).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => $"{field.Name} = {Format(field.GetValue(null)!)}").Order(StringComparer.Ordinal);
        Assert.Equal(actual, documented);
    }

    [Fact]
    public void Defaults_AreAllInForceSomewhere()
    {
        var sources = Directory.EnumerateFiles(Repository.File("src/Perdure"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText).ToArray();
        var idle = typeof(PerdureDefaults).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Where(field => !sources.Any(source => source.Contains($"PerdureDefaults.{field.Name}", StringComparison.Ordinal))).Select(field => field.Name);
        Assert.Empty(idle);
    }

    [Fact]
    public void EngineOptions_AreTheOnesInTheTable()
    {
        var options = new PerdureOptions();
        var documented = Markdown.Rows(Text, "Engine option").Select(row => $"{Markdown.Plain(row[0])} = {Markdown.Plain(row[1])}").Order(StringComparer.Ordinal);
        var actual = typeof(PerdureOptions).GetProperties().Select(p => $"{p.Name} = {Format(p.GetValue(options))}").Order(StringComparer.Ordinal);
        Assert.Equal(actual, documented);
    }

    [Theory]
    [InlineData(typeof(StartOptions), "Start option")]
    [InlineData(typeof(WorkflowOptions), "Workflow option")]
    [InlineData(typeof(StepOptions), "Step option")]
    [InlineData(typeof(ActivityOptions), "Activity option")]
    [InlineData(typeof(RetryPolicy), "Retry option")]
    [InlineData(typeof(PostgreSqlStoreOptions), "PostgreSQL option")]
    [InlineData(typeof(RetentionPolicy), "Retention option")]
    [InlineData(typeof(SqliteStoreOptions), "SQLite option")]
    [InlineData(typeof(FileStoreOptions), "File store option")]
    public void OptionTables_ListEveryOption(Type type, string heading)
    {
        var documented = Markdown.Rows(Text, heading).Select(row => Markdown.Plain(row[0])).Order(StringComparer.Ordinal);
        var actual = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.SetMethod is { IsPublic: true }).Select(p => p.Name).Order(StringComparer.Ordinal);
        Assert.Equal(actual, documented);
    }

    private static string Format(object? value) => value switch
    {
        null => "none",
        TimeSpan duration => Durations.Format(duration),
        int number => number.ToString("N0", CultureInfo.InvariantCulture),
        double number => number.ToString("0.0###", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        Enum one => one.ToString(),
        string text => text,
        RetryPolicy policy when policy == RetryPolicy.Default => "RetryPolicy.Default",
        System.Collections.IEnumerable => "empty",
        _ => throw new ArgumentException($"How is a {value.GetType()} written in a document?"),
    };
}
