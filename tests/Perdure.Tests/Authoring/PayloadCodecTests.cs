using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public partial class PayloadCodecTests
{
    private static readonly PayloadCodec Codec = PayloadCodec.Default;

    [Fact]
    public void Serialize_Record_IsCamelCaseWithEnumNames()
    {
        var order = new Order("A-1", 12.50m, Stage.Awaiting, [1, 2]);
        Assert.Equal("""{"id":"A-1","total":12.50,"stage":"Awaiting","lines":[1,2]}""", Text(Codec.Serialize(order)));
    }

    [Fact]
    public void Deserialize_AnyCaseAndUnknownMembers_AreRead()
    {
        Order order = Codec.Deserialize<Order>("""{"ID":"A","TOTAL":1,"Stage":"shipped","other":{}}"""u8);
        Assert.Equal(("A", 1m, Stage.Shipped), (order.Id, order.Total, order.Stage));
    }

    [Fact]
    public void UserOptions_SnakeCase_IsKept()
    {
        var codec = new PayloadCodec(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });
        Assert.Equal("""{"first_name":"Ann"}""", Text(codec.Serialize(new Person("Ann"))));
        Assert.Equal("Ann", codec.Deserialize<Person>("""{"FIRST_NAME":"Ann"}"""u8).FirstName);
    }

    [Fact]
    public void UserContext_IsAskedBeforeReflection()
    {
        var codec = new PayloadCodec(null, SeenContext.Default);
        Assert.Equal("""{"visible":1}""", Text(codec.Serialize(new Seen { Visible = 1 })));
        Assert.Same(SeenContext.Default, codec.TypeInfo(typeof(Seen)).OriginatingResolver);
    }

    public static TheoryData<object> Values =>
    [
        "text", "", "\0 NUL", "größe 🚚 \uFFFD", 'x', true, (byte)255, (sbyte)-1, short.MinValue, 42, uint.MaxValue, long.MaxValue,
        ulong.MaxValue, 0.1f, 0.1,
        double.Epsilon, 1.00m, decimal.MaxValue, new Guid("3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
        new DateTime(2026, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(7),
        new DateTime(2026, 2, 3), new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(2)), new DateOnly(2026, 2, 3),
        new TimeOnly(1, 2, 3, 4),
        TimeSpan.FromTicks(123_456_789), TimeSpan.FromDays(-3), Stage.Shipped, (Stage)99, new byte[] { 1, 2, 255 }, (1, "two"),
        Tuple.Create(1, "two"),
        (1, 2, 3, 4, 5, 6, 7, 8, 9), new Dictionary<int, string> { [1] = "a" }, new Dictionary<Stage, int> { [Stage.Shipped] = 1 },
        new Dictionary<Guid, int> { [Guid.Empty] = 1 }, new Dictionary<string, int> { ["ä_B"] = 1 }, new HashSet<string> { "a", "b" },
        new SortedSet<int> { 3, 1 },
        ImmutableHashSet.Create(1), new List<int> { 1 }, new Uri("https://example.org/a?b=c"), new WithField { Field = 5 },
        new Person("Ann"), Unit.Value,
        (int?)5, new Version(1, 2, 3), Half.Epsilon, Int128.MaxValue,
    ];

    [Theory]
    [MemberData(nameof(Values))]
    public void Serialize_SupportedValue_ReadsBackEqual(object value)
    {
        ReadOnlyMemory<byte> json = Codec.Serialize(value, value.GetType());
        Assert.Equivalent(value, Codec.Deserialize(json.Span, value.GetType()), strict: true);
        Assert.True(JsonDocument.Parse(json).RootElement.ValueKind != JsonValueKind.Undefined);
    }

    [Fact]
    public void Serialize_SetInterfaces_ReadBack()
    {
        ISet<int> set = new HashSet<int> { 1, 2 };
        Assert.Equal(set, Codec.RoundTrip(set, out _));
        IReadOnlySet<int> readOnly = new HashSet<int> { 1, 2 };
        Assert.Equal(readOnly, Codec.RoundTrip(readOnly, out _));
    }

    [Fact]
    public void Serialize_NullAndUnit_AreNull()
    {
        Assert.Equal("null", Text(Codec.Serialize<string?>(null)));
        Assert.Equal("null", Text(Codec.Serialize(Unit.Value)));
        Assert.Equal("null", Text(Codec.Serialize(null, typeof(Order))));
        Assert.Equal(Unit.Value, Codec.Deserialize<Unit>("null"u8));
        Assert.Equal(Unit.Value, Codec.Deserialize<Unit>("{}"u8));
        Assert.Equal(Unit.Value, Codec.Deserialize<Unit>([]));
        Assert.Null(Codec.Deserialize<string?>([]));
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<Unit>("5"u8));
    }

    [Fact]
    public void Serialize_Nul_Survives() => Assert.Equal("a\0b", Codec.Deserialize<string>(Codec.Serialize("a\0b").Span));

    public static TheoryData<object> LoneSurrogates =>
    [
        "a\uD83D", "\uDE9Aa", new Person("x\uD800y"), new Dictionary<string, int> { ["k\uDC00"] = 1 }, '\uD800',
        new[] { "ok", "\uDE9A\uD83D" },
        JsonValue.Create("j\uD83D"), new JsonObject { ["k\uD83D"] = 1 }, JsonDocument.Parse("\"\\ud83d\"").RootElement,
        JsonDocument.Parse("{\"a\":\"\\ud83d x\"}").RootElement,
        JsonDocument.Parse(new byte[] { (byte)'"', 0xC3, 0x28, (byte)'"' }).RootElement,
    ];

    [Theory]
    [MemberData(nameof(LoneSurrogates))]
    public void Serialize_LoneSurrogate_IsRefusedNotReplaced(object value)
    {
        ResultNotSerializableException error = Assert.Throws<ResultNotSerializableException>(() => Codec.Serialize(value, value.GetType()));
        Assert.Contains("type " + TypeNames.Of(value.GetType()), error.Message, StringComparison.Ordinal);
        // The writer that failed is whole again.
        Assert.Equal("1", Text(Codec.Serialize(1)));
    }

    [Fact]
    public void Deserialize_LoneSurrogate_IsRefused()
    {
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<string>("\"\\ud83d\""u8));
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<string>([(byte)'"', 0xC3, 0x28, (byte)'"']));
    }

    [Fact]
    public void O5_A_payload_of_exactly_1_MiB_is_taken_and_1_byte_more_refused()
    {
        string fits = new('x', PerdureDefaults.MaxPayloadBytes - 2);
        Assert.Equal(PerdureDefaults.MaxPayloadBytes, Codec.Serialize(fits, PayloadKind.Input).Length);
        PayloadTooLargeException error = Assert.Throws<PayloadTooLargeException>(() => Codec.Serialize(fits + "x", PayloadKind.Input));
        Assert.Equal(ErrorCodes.PayloadTooLarge, error.Code);
        Assert.Equal(PerdureDefaults.MaxPayloadBytes, error.Limit);
        Assert.Equal(PerdureDefaults.MaxPayloadBytes + 1, error.Size);
        Assert.DoesNotContain("xx", error.Message, StringComparison.Ordinal);
        Type declared = typeof(string);
        Assert.Throws<PayloadTooLargeException>(() => Codec.Serialize(fits + "x", declared, PayloadKind.Signal));
        Assert.Throws<PayloadTooLargeException>(() => Codec.RoundTrip(fits + "x", out _));
    }

    [Fact]
    public void O5_The_limit_counts_bytes_of_UTF8()
    {
        string fits = new('ü', (PerdureDefaults.MaxPayloadBytes - 2) / 2);
        Assert.Equal(PerdureDefaults.MaxPayloadBytes, Codec.Serialize(fits).Length);
        Assert.Throws<PayloadTooLargeException>(() => Codec.Serialize(fits + "ü"));
    }

    [Fact]
    public void O5_A_list_far_beyond_the_limit_is_given_up_on_the_way()
    {
        int read = 0;
        IEnumerable<string> Endless()
        {
            while (true)
            {
                read++;
                yield return new string('x', 1000);
            }
        }
        Assert.Throws<PayloadTooLargeException>(() => Codec.Serialize(Endless()));
        Assert.InRange(read, 1000, 3000);
    }

    [Fact]
    public void O5_Details_have_a_limit_of_64_KiB()
    {
        string fits = new('x', PerdureDefaults.MaxDetailsBytes - 2);
        Codec.Serialize(fits, PayloadKind.Details);
        Assert.Throws<PayloadTooLargeException>(() => Codec.Serialize(fits + "x", PayloadKind.Details));
    }

    [Fact]
    public void O5_Depth_64_is_taken_and_65_refused()
    {
        JsonElement fits = Nested(64);
        Assert.Equal(64, DepthOf(Codec.Deserialize<JsonElement>(Codec.Serialize(fits).Span)));
        Assert.Throws<ResultNotSerializableException>(() => Codec.Serialize(Nested(65)));
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<JsonElement>(Encoding.UTF8.GetBytes(Nested(65).GetRawText())));
        Codec.Serialize(Node.Chain(64));
        Assert.Equal(64, Node.LengthOf(Codec.Deserialize<Node>(Codec.Serialize(Node.Chain(64)).Span)));
        Assert.Throws<ResultNotSerializableException>(() => Codec.Serialize(Node.Chain(65)));
    }

    public static TheoryData<object> Unserializable =>
    [
        new MemoryStream(), (Action)(() => { }), double.NaN, float.PositiveInfinity, Task.FromResult(1),
        new Holder { Value = new MemoryStream() },
        new Holder { Value = (Func<int>)(() => 1) }, new Throwing(), typeof(string), new CancellationTokenSource().Token, Cycle(),
        new IntPtr(1), new InvalidOperationException("x"),
        new ConvertedSecret(),
    ];

    [Theory]
    [MemberData(nameof(Unserializable))]
    public void Serialize_Unserializable_IsTypedAndSilentAboutValues(object value)
    {
        ResultNotSerializableException error = Assert.Throws<ResultNotSerializableException>(() => Codec.Serialize(value, value.GetType()));
        Assert.Equal(ErrorCodes.ResultNotSerializable, error.Code);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        InputValidationException input = Assert.Throws<InputValidationException>(
            () => Codec.Serialize(value, value.GetType(), PayloadKind.Input));
        Assert.DoesNotContain("secret", input.ToString(), StringComparison.Ordinal);
        Assert.Equal("1", Text(Codec.Serialize(1)));
    }

    [Fact]
    public void Deserialize_WrongShape_NamesThePathAndNoValue()
    {
        UndecodablePayloadException error = Assert.Throws<UndecodablePayloadException>(
            () => Codec.Deserialize<Order>("""{"id":"A","total":"secret"}"""u8));
        Assert.Equal("$.total", error.Path);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Order", error.Message, StringComparison.Ordinal);
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<Order>("""{"id":"""u8));
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<int>("null"u8));
        Type declared = typeof(Order);
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize("[1]"u8, declared));
        Assert.Throws<UndecodablePayloadException>(() => Codec.Deserialize<Stage>("\"secret\""u8));
    }

    [Fact]
    public void RoundTrip_MutableValue_IsACopy()
    {
        var lines = new List<int> { 1 };
        Order order = Codec.RoundTrip(new Order("A", 1, Stage.Shipped, lines), out ReadOnlyMemory<byte> json);
        lines.Add(2);
        Assert.Equal([1], order.Lines);
        Assert.Equal("""{"id":"A","total":1,"stage":"Shipped","lines":[1]}""", Text(json));
    }

    [Fact]
    public void RoundTrip_ImmutableValue_IsTheSameObject()
    {
        string text = new('x', 10);
        Assert.Same(text, Codec.RoundTrip(text, out ReadOnlyMemory<byte> json));
        Assert.Equal("\"xxxxxxxxxx\"", Text(json));
        Assert.True(
            Codec.IsImmutable<Guid>() && Codec.IsImmutable<int?>() && Codec.IsImmutable<DateTimeOffset>() && Codec.IsImmutable<Unit>());
        Assert.False(
            Codec.IsImmutable<Order>() || Codec.IsImmutable<int[]>() || Codec.IsImmutable<object>() || Codec.IsImmutable<(int, int)>());
    }

    [Fact]
    public void RoundTrip_UserConverterForAPlainType_ShowsTheReplayedValue()
    {
        var codec = new PayloadCodec(new JsonSerializerOptions { Converters = { new UpperCaseConverter() } });
        Assert.False(codec.IsImmutable<string>());
        Assert.Equal("ABC", codec.RoundTrip("abc", out _));
    }

    [Fact]
    public void RoundTrip_OneWayType_IsRefused()
    {
        ResultNotSerializableException error = Assert.Throws<ResultNotSerializableException>(
            () => Codec.RoundTrip(new OneWay(1, 2), out _));
        Assert.Contains("not be read back", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SerializeFor_ByName_ChecksAgainstTheRegisteredType()
    {
        Assert.Equal("""{"id":"A"}""", Text(Codec.SerializeFor(new { Id = "A" }, typeof(Order), PayloadKind.Input)));
        InputValidationException error = Assert.Throws<InputValidationException>(
            () => Codec.SerializeFor(new { Id = "A", Total = "secret" }, typeof(Order), PayloadKind.Input));
        Assert.Equal(ErrorCodes.InputInvalid, error.Code);
        Assert.Equal(["$.total"], error.Errors.Keys);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Throws<InputValidationException>(() => Codec.SerializeFor(null, typeof(int), PayloadKind.Input));
        Assert.Equal("null", Text(Codec.SerializeFor(null, null, PayloadKind.Input)));
        Assert.Equal("[1]", Text(Codec.SerializeFor(new[] { 1 }, null, PayloadKind.Signal)));
    }

    [Fact]
    public void Serialize_Declared_NeverWritesTheRuntimeType()
    {
        Assert.Equal("""{"name":"x"}""", Text(Codec.Serialize<Animal>(new Dog { Name = "x", Bark = "wuff" })));
    }

    [Fact]
    public void Serialize_ReentrantConverter_GetsItsOwnWriter()
    {
        Assert.Equal("""{"inner":"[1]"}""", Text(Codec.Serialize(new Reentrant())));
    }

    [Fact]
    public void Serialize_ManyThreads_NeverMix()
    {
        Parallel.For(0, 2_000, i =>
        {
            string text = new((char)('a' + (i % 26)), i);
            Assert.Equal(text, Codec.Deserialize<string>(Codec.Serialize(text).Span));
        });
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);

    private static JsonElement Nested(int depth) =>
        JsonDocument.Parse(new string('[', depth) + new string(']', depth), new JsonDocumentOptions { MaxDepth = 1000 }).RootElement;

    private static int DepthOf(JsonElement element) => 1 + (element.GetArrayLength() == 0 ? 0 : DepthOf(element[0]));

    private static Holder Cycle()
    {
        var holder = new Holder();
        holder.Value = holder;
        return holder;
    }

    internal enum Stage
    {
        Awaiting,
        Shipped,
    }

    internal sealed record Order(string Id, decimal Total, Stage Stage, IReadOnlyList<int> Lines);

    internal sealed record Person(string FirstName);

    internal sealed class WithField
    {
        public int Field;
    }

    internal sealed class Holder
    {
        public object? Value { get; set; }
    }

    internal sealed class Throwing
    {
        public string Name => throw new InvalidOperationException("secret");
    }

    [JsonConverter(typeof(SecretConverter))]
    internal sealed class ConvertedSecret;

    internal sealed class SecretConverter : JsonConverter<ConvertedSecret>
    {
        public override ConvertedSecret Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new();

        public override void Write(Utf8JsonWriter writer, ConvertedSecret value, JsonSerializerOptions options) =>
            throw new NotSupportedException("secret");
    }

    internal class Animal
    {
        public string? Name { get; set; }
    }

    internal sealed class Dog : Animal
    {
        public string? Bark { get; set; }
    }

    internal sealed class Node
    {
        public Node? Next { get; set; }

        public static Node Chain(int length) => new() { Next = length == 1 ? null : Chain(length - 1) };

        public static int LengthOf(Node? node) => node is null ? 0 : 1 + LengthOf(node.Next);
    }

    internal sealed class OneWay(int first, int other)
    {
        public int Sum => first + other;
    }

    internal sealed class Reentrant
    {
        public string Inner => Text(PayloadCodec.Default.Serialize(new[] { 1 }));
    }

    internal sealed class Seen
    {
        public int Visible { get; set; }
    }

    private sealed class UpperCaseConverter : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetString()!.ToUpperInvariant();

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }

    [JsonSerializable(typeof(Seen))]
    internal sealed partial class SeenContext : JsonSerializerContext;
}
