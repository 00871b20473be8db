using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class NamesTests
{
    [Theory]
    [InlineData("order")]
    [InlineData("reserve stock")]
    [InlineData("!\"§$%&/()=?`'~#{}")]
    [InlineData("größe-检查-🚚")]
    [InlineData("a_b_")]
    [InlineData("x")]
    [InlineData("\u202Eleft")]
    public void F20_Unicode_and_punctuation_are_names(string name) => Names.Validate(NameKind.Step, name);

    [Fact]
    public void F20_255_characters_are_a_name_and_256_are_not()
    {
        Names.Validate(NameKind.Signal, new string('a', 255));
        Names.Validate(NameKind.Signal, new string('é', 255));
        Names.Validate(NameKind.Signal, string.Concat(Enumerable.Repeat("🚚", 255)));
        AssertInvalid(new string('a', 256), "256 characters");
        AssertInvalid(new string('é', 256), "256 characters");
        AssertInvalid(string.Concat(Enumerable.Repeat("🚚", 256)), "256 characters");
    }

    [Theory]
    [InlineData("_order", "reserved")]
    [InlineData("_", "reserved")]
    [InlineData("", "empty")]
    [InlineData(" order", "space")]
    [InlineData("order ", "space")]
    [InlineData("\u00A0order", "space")]
    [InlineData("order\u2003", "space")]
    [InlineData("or\nder", "U+000A")]
    [InlineData("or\0der", "U+0000")]
    [InlineData("or\u009Fder", "U+009F")]
    [InlineData("or\u007Fder", "U+007F")]
    public void F20_Reserved_control_and_space_are_rejected(string name, string why) => AssertInvalid(name, why);

    [Fact]
    public void F20_Half_of_a_surrogate_pair_is_rejected()
    {
        AssertInvalid("or\uD83Dder", "Unicode");
        AssertInvalid("\uDE9A\uD83D", "Unicode");
        AssertInvalid("order\uD83D", "Unicode");
    }

    [Fact]
    public void Validate_Null_IsEmpty() => AssertInvalid(null!, "empty");

    [Fact]
    public void F20_Keys_take_any_Unicode()
    {
        Names.ValidateKey("_ key\nwith\0anything 🚚 ");
        Names.ValidateKey(new string('k', 255));
        Assert.Throws<InvalidOptionException>(() => Names.ValidateKey(new string('k', 256)));
        Assert.Throws<InvalidOptionException>(() => Names.ValidateKey(""));
        Assert.Throws<InvalidOptionException>(() => Names.ValidateKey("k\uD800"));
    }

    [Fact]
    public void ValidateRunId_Bounds_AreKept()
    {
        Names.ValidateRunId("order/1 _ü");
        Names.ValidateRunId(new string('i', 200));
        Assert.Throws<InvalidOptionException>(() => Names.ValidateRunId(new string('i', 201)));
        Assert.Throws<InvalidOptionException>(() => Names.ValidateRunId(""));
        Assert.Throws<InvalidOptionException>(() => Names.ValidateRunId("a\tb"));
    }

    [Theory]
    [InlineData(typeof(OrderWorkflow), "order")]
    [InlineData(typeof(HTTPImportWorkflow), "http-import")]
    [InlineData(typeof(Onboarding), "onboarding")]
    [InlineData(typeof(Workflow), "workflow")]
    [InlineData(typeof(Workflow<,>), "workflow")]
    [InlineData(typeof(ShipV2OrderWorkflow), "ship-v2-order")]
    public void OfWorkflow_Class_IsKebabCaseWithoutSuffix(Type type, string name) => Assert.Equal(name, Names.OfWorkflow(type));

    [Theory]
    [InlineData("ChargeAsync", "charge")]
    [InlineData("SendWelcomeMailAsync", "send-welcome-mail")]
    [InlineData("Async", "async")]
    [InlineData("Run", "run")]
    public void OfActivity_Method_IsKebabCaseWithoutSuffix(string method, string name) => Assert.Equal(name, Names.OfActivity(method));

    [Fact]
    public void Descriptors_CheckTheirNames()
    {
        Assert.Throws<InvalidOptionException>(() => new Signal<int>("_x"));
        Assert.Throws<InvalidOptionException>(() => new Published<int>(""));
        Assert.Throws<InvalidOptionException>(() => new WorkflowDefinition<int, int>(" x"));
        Assert.Throws<InvalidOptionException>(() => new WorkflowDefinition<int>("x", 0));
        Assert.Throws<InvalidOptionException>(() => new ActivityDefinition<int, int>("x\n"));
    }

    private static void AssertInvalid(string name, string why)
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => Names.Validate(NameKind.Step, name));
        Assert.Equal(ErrorCodes.InvalidName, error.Code);
        Assert.Equal("step name", error.Option);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.True(error.Message.Length < 300);
    }

    private sealed class OrderWorkflow;

    private sealed class HTTPImportWorkflow;

    private sealed class Onboarding;

    private sealed class ShipV2OrderWorkflow;
}
