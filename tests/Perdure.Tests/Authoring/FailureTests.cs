using System.Reflection;
using System.Text;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class FailureTests
{
    private static readonly PayloadCodec WithStacks = new() { KeepsStacks = true };

    [Fact]
    public void From_ForeignException_HasAStableCodeAndNoType()
    {
        Failure failure = Failure.From(new InvalidOperationException("no"));
        Assert.Equal(new Failure("invalid_operation", "no"), failure);
        Assert.Equal("""{"code":"invalid_operation","message":"no"}""", Encoding.UTF8.GetString(failure.Encode().Span));
    }

    [Theory]
    [InlineData(typeof(TimeoutException), "timeout")]
    [InlineData(typeof(IOException), "io")]
    [InlineData(typeof(HTTPGoneException), "http_gone")]
    [InlineData(typeof(GenericException<int>), "generic")]
    [InlineData(typeof(Exception), "exception")]
    [InlineData(typeof(Oops), "oops")]
    public void OfType_Exception_IsSnakeCaseWithoutSuffix(Type type, string code) => Assert.Equal(code, ErrorCode.OfType(type));

    [Fact]
    public void From_UserFailure_KeepsCodeAndDetails()
    {
        Failure failure = Failure.From(
            new WorkflowFailureException("card_declined", "Declined.", new { Limit = 5, Text = "ü" }), PayloadCodec.Default);
        Assert.Equal("card_declined", failure.Code);
        Assert.Equal("Declined.", failure.Message);
        Assert.Equal("""{"limit":5,"text":"ü"}""", failure.Details!.Value.GetRawText());
        Failure read = Failure.Decode(failure.Encode().Span);
        Assert.Equal(
            (failure.Code, failure.Message, failure.Details!.Value.GetRawText()),
            (read.Code, read.Message, read.Details!.Value.GetRawText()));
        Assert.Equal("not-approved", Failure.From(new WorkflowFailureException("not-approved")).Message);
    }

    [Fact]
    public void From_DetailsThatCannotBeStored_KeepsTheFailure()
    {
        Assert.Null(Failure.From(new WorkflowFailureException("c", "m", new MemoryStream()), PayloadCodec.Default).Details);
        Assert.Null(Failure.From(new WorkflowFailureException("c", "m", new string('x', 70_000)), PayloadCodec.Default).Details);
        Assert.Equal("c", Failure.From(new WorkflowFailureException("c", "m", double.NaN), PayloadCodec.Default).Code);
    }

    [Fact]
    public void From_FinalErrors_AreMarked()
    {
        Assert.True(Failure.From(new NonRetryableException("no")).Final);
        Assert.True(Failure.Decode(Failure.From(new NonRetryableException("no")).Encode().Span).Final);
        Assert.False(Failure.From(new WorkflowFailureException("no")).Final);
        var step = new StepFailedException("pay", 1, Failure.From(new NonRetryableException("no", "card_declined")));
        Assert.True(Failure.From(step).Final);
        Assert.True(NonRetryableErrors.Contains(RetryPolicy.Default, step));
    }

    [Fact]
    public void From_FailedStep_KeepsTheCodeOfItsCause()
    {
        var step = new StepFailedException("charge", 3, new Failure("card_declined", "Declined."));
        Assert.Equal("The step 'charge' failed after 3 attempts: Declined.", step.Message);
        Assert.Equal((ErrorCodes.StepFailed, "card_declined", "charge", 3), (step.Code, step.ErrorCode, step.Name, step.Attempts));
        Failure failure = Failure.From(step);
        Assert.Equal(("card_declined", step.Message), (failure.Code, failure.Message));
        Assert.True(NonRetryableErrors.Contains(RetryPolicy.Default with { NonRetryable = ["card_declined"] }, step));
    }

    [Fact]
    public void From_Wrappers_AreTakenOff()
    {
        Assert.Equal("io", Failure.From(new AggregateException(new IOException("x"))).Code);
        Assert.Equal("io", Failure.From(new TargetInvocationException(new AggregateException(new IOException("x")))).Code);
        Assert.Equal("aggregate", Failure.From(new AggregateException(new IOException("x"), new IOException("y"))).Code);
    }

    [Fact]
    public void M15_A_hostile_exception_still_becomes_a_failure()
    {
        Failure failure = Failure.From(new HostileException(), WithStacks);
        Assert.Equal("hostile", failure.Code);
        Assert.Equal("The error could not be described.", failure.Message);
        failure.Encode();

        Exception tower = new IOException("deep");
        for (int i = 0; i < 10_000; i++) tower = new AggregateException(tower);
        Assert.Equal("aggregate", Failure.From(tower).Code);
        Assert.Equal("", Failure.From(new NullMessageException()).Message);
        Failure.From(null!);
    }

    [Fact]
    public void From_GiantMessage_IsCutAndEscaped()
    {
        Failure failure = Failure.From(new IOException(new string('{', 5_000_000)));
        Assert.Equal(PerdureDefaults.MaxErrorText, failure.Message.Length);
        Assert.EndsWith("{…", failure.Message, StringComparison.Ordinal);
        Assert.Equal("a\\n\\u0000\\u001b[31m{0}\uFFFD🚚", Failure.From(new IOException("a\n\0\u001b[31m{0}\uD83D🚚")).Message);
        Assert.Equal(failure, Failure.Decode(failure.Encode().Span));
    }

    [Theory]
    [InlineData("Host=db;Username=ann;Password=hunter2-hunter2;Timeout=3", "Host=db;Username=ann;Password=***;Timeout=3")]
    [InlineData("pwd = 'hunter2 hunter2' was refused", "pwd = *** was refused")]
    [InlineData("{\"api_key\": \"hunter2\", \"user\": 7}", "{\"api_key\": ***, \"user\": 7}")]
    [InlineData("GET https://ann:hunter2@example.org/x failed", "GET https://ann:***@example.org/x failed")]
    [InlineData("Authorization: Bearer hunter2hunter2.x-y", "Authorization: Bearer ***")]
    [InlineData("https://example.org/file?sig=hunter2%2Fx&se=2030", "https://example.org/file?sig=***&se=2030")]
    [InlineData("token eyJhbGciOiJIUzI1NiJ9.eyJodW50ZXIyIjoxfQ.hunter2hunter2 has expired", "token *** has expired")]
    [InlineData("the key AKIAHUNTER2HUNTER2XY is disabled", "the key *** is disabled")]
    [InlineData("sk_live_hunter2hunter2 cannot charge", "*** cannot charge")]
    [InlineData("Unexpected token: '}' at 3, no password was given", "Unexpected token: '}' at 3, no password was given")]
    public void T15_SecretsOfKnownShapesAreNotStored(string message, string expected)
    {
        var failure = Failure.From(new IOException(message));
        Assert.Equal(expected, failure.Message);
        Assert.DoesNotContain("hunter2", System.Text.Encoding.UTF8.GetString(failure.Encode().Span), StringComparison.Ordinal);
    }

    [Fact]
    public void T15_ASecretAtTheCutIsNotStored()
    {
        var failure = Failure.From(new IOException(new string('x', PerdureDefaults.MaxErrorText - 15) + " Password=hunter2" + new string('y', 5_000)));
        Assert.DoesNotContain("hunter2", failure.Message, StringComparison.Ordinal);
        Assert.Equal(PerdureDefaults.MaxErrorText, Failure.From(new IOException("-----BEGIN PRIVATE KEY----- hunter2 -----END PRIVATE KEY-----" + new string('x', 50_000))).Message.Length);
    }

    [Fact]
    public void From_WithStack_KeepsItsLines()
    {
        Failure failure;
        try
        {
            throw new IOException("x");
        }
        catch (IOException error)
        {
            failure = Failure.From(error, WithStacks);
            Assert.Null(Failure.From(error).Stack);
        }
        Assert.Contains(nameof(From_WithStack_KeepsItsLines), failure.Stack, StringComparison.Ordinal);
        Assert.Equal(failure, Failure.Decode(failure.Encode().Span));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("""{"code":"a"}""")]
    public void Decode_NoFailure_IsUndecodable(string json) =>
        Assert.Throws<UndecodablePayloadException>(() => Failure.Decode(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Shorten_AnyText_IsBoundedAndValid()
    {
        var random = new Random(5);
        char[] alphabet = ['a', '\n', '\0', '\uD83D', '\uDE9A', 'é', '\u0085'];
        for (int i = 0; i < 20_000; i++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(20)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
            int limit = random.Next(1, 16);
            string safe = SafeText.Shorten(text, limit);
            Assert.True(safe.Length <= limit);
            Assert.True(LoneSurrogates.IsWellFormed(safe));
            Assert.DoesNotContain(safe, char.IsControl);
        }
        Assert.Equal("abc", SafeText.Shorten("abc", 3));
        Assert.Equal("ab…", SafeText.Shorten("abcd", 3));
        Assert.Equal("a\tb\n", SafeText.ShortenLines("a\tb\n", 9));
    }

    private sealed class HostileException : Exception
    {
        public override string Message => throw new InvalidOperationException("no message for you");

        public override string? StackTrace => throw new InvalidOperationException("no stack for you");

        public override string ToString() => throw new InvalidOperationException("no text for you");
    }

    private sealed class NullMessageException : Exception
    {
        public override string Message => null!;
    }

    private sealed class HTTPGoneException : Exception;

    private sealed class GenericException<T> : Exception;

    private sealed class Oops : Exception;
}
