using System.Text;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class ActivityProxyTests
{
    private readonly RecordingContext _ctx = new();

    [Fact]
    public async Task Activities_Method_IsACallByItsName()
    {
        _ctx.Expect<string>().SetResult("receipt");
        var options = new ActivityOptions { Queue = "pay" };
        Assert.Equal("receipt", await _ctx.Activities<IPayments>(options).ChargeAsync(new Charge("o1", 5m), default));
        ActivityCall call = Assert.Single(_ctx.Calls);
        Assert.Equal("charge", call.Name);
        Assert.Equal("""{"order":"o1","amount":5}""", Text(call));
        Assert.Null(call.Defaults);
        Assert.Same(options, _ctx.CallOptions[0]);
        Assert.StartsWith("ActivityProxyTests.cs:", _ctx.Sources[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Activities_SeveralArguments_AreOneArray()
    {
        _ = _ctx.Activities<IPayments>().RefundAsync("o1", null, 2.5m, "because", default);
        Assert.Equal("give-back", _ctx.Calls[0].Name);
        Assert.Equal("""["o1",2.5,"because"]""", Text(_ctx.Calls[0]));
        Assert.Equal(TimeSpan.FromSeconds(30), _ctx.Calls[0].Defaults!.Options.StartToClose);
        Assert.Equal("activity give-back -> Unit", _ctx.Issued[0]);
    }

    [Fact]
    public void Activities_NoArgumentAndInherited_AreCalls()
    {
        _ = _ctx.Activities<IPayments>().PingAsync();
        _ = _ctx.Activities<IPayments>().CloseAsync(5);
        Assert.Equal(["ping", "close"], _ctx.Calls.Select(call => call.Name));
        Assert.Equal(["null", "5"], _ctx.Calls.Select(Text));
    }

    [Fact]
    public void Activities_DeclaredType_IsWritten()
    {
        _ = _ctx.Activities<IPayments>().CloseAsync(null);
        Assert.Equal("null", Text(_ctx.Calls[0]));
    }

    [Fact]
    public void Activities_WrongShapes_AreRefused()
    {
        Assert.Contains("does not return Task", Refused<IReturnsInt>().Message, StringComparison.Ordinal);
        Assert.Contains("generic", Refused<IGeneric>().Message, StringComparison.Ordinal);
        Assert.Contains("by reference", Refused<IByRef>().Message, StringComparison.Ordinal);
        Assert.Contains("does not return Task", Refused<IHasProperty>().Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.DuplicateRegistration, Refused<IOverloaded>().Code);
        Assert.Contains("no method", Refused<IEmpty>().Message, StringComparison.Ordinal);
        Assert.Contains("needs an interface", Refused<Charge>().Message, StringComparison.Ordinal);
        Assert.Empty(_ctx.Issued);
    }

    [Fact]
    public void ActivityAsync_Definition_BringsItsDefaults()
    {
        var definition = new ActivityDefinition<Charge, string>("charge", new() { Priority = 3 });
        _ = _ctx.ActivityAsync(definition, new Charge("o", 1));
        Assert.Equal(3, _ctx.Calls[0].Defaults!.Options.Priority);
        Assert.Equal("""{"order":"o","amount":1}""", Text(_ctx.Calls[0]));
        _ = _ctx.ActivityAsync<int>("sum", new[] { 1, 2 });
        Assert.Equal("[1,2]", Text(_ctx.Calls[1]));
        _ = _ctx.ActivityAsync<int>("none");
        Assert.Equal("null", Text(_ctx.Calls[2]));
    }

    [Fact]
    public void Encode_BadInput_IsAnInputError()
    {
        Assert.Throws<InputValidationException>(
            () => new ActivityCall("x", new MemoryStream(), typeof(MemoryStream), null).Encode(PayloadCodec.Default));
        var arguments = new ActivityArguments(["a", double.NaN], [typeof(string), typeof(double)]);
        Assert.Throws<InputValidationException>(() => arguments.Encode(PayloadCodec.Default));
        var large = new ActivityArguments([new string('x', 600_000), new string('x', 600_000)], [typeof(string), typeof(string)]);
        Assert.Throws<PayloadTooLargeException>(() => large.Encode(PayloadCodec.Default));
    }

    private InvalidOptionException Refused<T>() where T : class =>
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.Activities<T>(); });

    private static string Text(ActivityCall call) => Encoding.UTF8.GetString(call.Encode(PayloadCodec.Default).Span);

    internal sealed record Charge(string Order, decimal Amount);

    internal interface ICloses
    {
        Task CloseAsync(int? register);
    }

    internal interface IPayments : ICloses
    {
        Task<string> ChargeAsync(Charge charge, CancellationToken cancellationToken);

        [Activity("give-back", StartToClose = "30s")]
        Task RefundAsync(string order, StepInfo? info, decimal amount, string reason, CancellationToken cancellationToken);

        Task PingAsync();
    }

    internal interface IReturnsInt
    {
        int Count();
    }

    internal interface IGeneric
    {
        Task RunAsync<T>(T value);
    }

    internal interface IByRef
    {
        Task RunAsync(ref int value);
    }

    internal interface IHasProperty
    {
        string Name { get; }
    }

    internal interface IOverloaded
    {
        Task RunAsync(int value);

        Task RunAsync(string value);
    }

    internal interface IEmpty;
}
