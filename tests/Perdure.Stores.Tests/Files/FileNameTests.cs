using Perdure.Files.Folders;

namespace Perdure.Stores.Tests.Files;

/// <summary>Ids as file names: readable where they can be, safe always, and never two of one name.</summary>
public sealed class FileNameTests
{
    [Theory]
    [InlineData("order-17", "order-17")]
    [InlineData("v1.2_x", "v1.2_x")]
    [InlineData("Order", "~order")]
    [InlineData("a/b", "a%2fb")]
    [InlineData("..", "%2e.")]
    [InlineData("a b%", "a%20b%25")]
    [InlineData("ü", "%c3%bc")]
    [InlineData("con", "~~con")]
    [InlineData("nul.txt", "~~nul.txt")]
    [InlineData("com7", "~~com7")]
    public void Of_AnId_IsItsName(string id, string name) => Assert.Equal(name, FileName.Of(id));

    [Fact]
    public void Of_ManyIds_AreAllDifferentAndSafe()
    {
        var random = new Random(7);
        const string letters = "abAB01./\\%~-_ :*?\"<>|\0\nüß漢😀\ud800";
        var ids = new HashSet<string> { "con", "CON", "~con", "~~con", "a", "A", "~a", "%61", new('x', 255), new('X', 255), new('x', 254) };
        while (ids.Count < 20_000) ids.Add(new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => letters[random.Next(letters.Length)])]));
        var names = ids.Select(FileName.Of).ToArray();
        Assert.Equal(ids.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(names, name =>
        {
            Assert.InRange(name.Length, 1, 200);
            Assert.Matches("^[a-z0-9%~_-][a-z0-9%~_.-]*$", name);
        });
    }
}
