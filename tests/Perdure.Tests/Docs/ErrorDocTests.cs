using System.Reflection;
using System.Text.RegularExpressions;
using Perdure.Runtime;
using Perdure.Storage;

namespace Perdure.Tests.Docs;

/// <summary><c>docs/errors.md</c> explains every code and every reason, and none that is gone.</summary>
public sealed partial class ErrorDocTests
{
    private static readonly string Text = Markdown.Read("docs/errors.md");

    private static readonly (string Name, string Code)[] Codes =
    [
        .. typeof(ErrorCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (f.Name, (string)f.GetRawConstantValue()!)),
        .. Enum.GetValues<StoreFault>().Select(fault => ($"{fault}", new StoreException(fault, "").Code)),
    ];

    [Fact]
    public void Codes_AreUniqueAndWellFormed()
    {
        Assert.All(Codes, code => Assert.Matches(WellFormed(), code.Code));
        Assert.Equal(Codes.Length, Codes.Select(c => c.Code).Distinct().Count());
        Assert.Equal(Codes.Length, Codes.Select(c => c.Name).Distinct().Count());
    }

    [Fact]
    public void Codes_AreTheOnesInTheTables() =>
        Assert.Equal(
            Codes.Select(c => $"{c.Code} {c.Name}").Order(StringComparer.Ordinal),
            Markdown.Rows(Text, "Code").Select(row => $"{Markdown.Plain(row[0])} {Markdown.Plain(row[1])}").Order(StringComparer.Ordinal));

    [Fact]
    public void Codes_HaveAMeaningAndAdvice() =>
        Assert.All(Markdown.Rows(Text, "Code"), row => Assert.True(row.Length == 4 && row[2].Length > 10 && row[3].Length > 10, $"{row[0]} is not explained."));

    [Fact]
    public void Reasons_AreTheOnesInTheTable() =>
        Assert.Equal(
            Enum.GetNames<RunBlockedReason>().Order(StringComparer.Ordinal),
            Markdown.Rows(Text, "Reason").Select(row => Markdown.Plain(row[0])).Order(StringComparer.Ordinal));

    [GeneratedRegex("^PERD1[0-5][0-9]{2}$")]
    private static partial Regex WellFormed();
}
