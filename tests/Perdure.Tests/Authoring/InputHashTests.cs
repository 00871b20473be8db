using System.Security.Cryptography;
using System.Text;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class InputHashTests
{
    [Theory]
    [InlineData("""{"a":1,"b":2}""", """{ "b" : 2, "a" : 1 }""")]
    [InlineData("""{"a":1}""", """{"a":1,"b":null}""")]
    [InlineData("""{"a":{"x":1,"y":[{"p":1,"q":2}]}}""", """{"a":{"y":[{"q":2,"p":1,"n":null}],"x":1}}""")]
    [InlineData("""{"ä":"ü"}""", """{"\u00e4":"\u00fc"}""")]
    [InlineData("null", "")]
    [InlineData("[1,2]", " [ 1 , 2 ] ")]
    public void Of_SameInput_IsEqual(string first, string second) => Assert.Equal(Hash(first), Hash(second));

    [Theory]
    [InlineData("""{"a":1}""", """{"a":2}""")]
    [InlineData("""{"a":1}""", """{"A":1}""")]
    [InlineData("""{"a":1}""", """{"a":"1"}""")]
    [InlineData("[1,2]", "[2,1]")]
    [InlineData("[null]", "[]")]
    [InlineData("null", "{}")]
    [InlineData("{}", "[]")]
    [InlineData("\"\"", "null")]
    [InlineData("true", "false")]
    [InlineData("""{"a":{"b":1}}""", """{"a":{},"b":1}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a":2,"a":1}""")]
    public void Of_OtherInput_Differs(string first, string second) => Assert.NotEqual(Hash(first), Hash(second));

    [Fact]
    public void Of_KnownInput_IsTheStartOfItsSha256()
    {
        byte[] expected = SHA256.HashData("""{"a":1,"b":[true,null,"ü"]}"""u8)[..InputHash.Size];
        InputHash hash = Hash("""{"b":[true,null,"ü"],"a":1}""");
        Assert.Equal(expected, hash.ToArray());
        Assert.Equal(Convert.ToHexStringLower(expected), hash.ToString());
        Assert.Equal(hash, InputHash.From(expected));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("\"\\ud800\"")]
    [InlineData("{\"\\ud800\":1}")]
    public void Of_NoJson_IsUndecodable(string json) => Assert.Throws<UndecodablePayloadException>(() => Hash(json));

    [Fact]
    public void Of_RandomObjects_IgnoreTheirMembersOrder()
    {
        var random = new Random(3);
        for (int i = 0; i < 500; i++)
        {
            string[] members = [.. Enumerable.Range(0, random.Next(1, 12)).Select(n => $"\"{n}é\":{random.Next(3)}")];
            string ordered = "{" + string.Join(",", members) + "}";
            random.Shuffle(members);
            Assert.Equal(Hash(ordered), Hash("{" + string.Join(" , ", members) + "}"));
        }
    }

    private static InputHash Hash(string json) => InputHash.Of(Encoding.UTF8.GetBytes(json));
}
