using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class ActivityRegistryTests
{
    private readonly ActivityRegistry _registry = new();

    [Fact]
    public async Task Add_FunctionShapes_AreInvoked()
    {
        _registry.Add("none", () => Task.FromResult(1));
        _registry.Add("token", ct => Task.FromResult(ct.CanBeCanceled));
        _registry.Add("input", (int x) => Task.FromResult(x + 1));
        _registry.Add(
            "all", (string x, StepInfo info, Services s, CancellationToken ct, IServiceProvider p) =>
            Task.FromResult(x + info.StepName + s.Suffix));
        _registry.Add("action", (int x) => Task.CompletedTask);
        _registry.Add("nothing", () => Task.CompletedTask);

        Assert.Equal("1", await InvokeAsync("none", "null"));
        Assert.Equal("false", await InvokeAsync("token", ""));
        Assert.Equal("6", await InvokeAsync("input", "5"));
        Assert.Equal("\"ab!\"", await InvokeAsync("all", "\"a\"", "b"));
        Assert.Equal("null", await InvokeAsync("action", "5"));
        Assert.Equal("null", await InvokeAsync("nothing", "{}"));
        Assert.False(_registry.Get("token").NeedsServices);
        Assert.True(_registry.Get("all").NeedsServices);
    }

    [Fact]
    public async Task Invoke_BadInput_RunsNothing()
    {
        bool ran = false;
        _registry.Add("input", (int x) =>
        {
            ran = true;
            return Task.FromResult(x);
        });
        await Assert.ThrowsAsync<UndecodablePayloadException>(() => InvokeAsync("input", "\"x\""));
        Assert.False(ran);
        Assert.Throws<InputValidationException>(() => _registry.Get("input").CheckInput("\"x\""u8.ToArray(), PayloadCodec.Default));
        _registry.Get("input").CheckInput("5"u8.ToArray(), PayloadCodec.Default);
    }

    [Fact]
    public void Add_SameFunctionTwice_IsNoError()
    {
        for (int i = 0; i < 2; i++) _registry.Add("input", (int x) => Task.FromResult(x));
        Assert.Single(_registry.All);
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => _registry.Add("input", (int x) => Task.FromResult(x + 1)));
        Assert.Equal((ErrorCodes.DuplicateRegistration, "input"), (error.Code, error.Option));
    }

    [Fact]
    public void Add_StepInfoFirst_IsRefused() =>
        Assert.Equal(
            ErrorCodes.InvalidRegistration,
            Assert.Throws<InvalidOptionException>(() => _registry.Add("x", (StepInfo info) => Task.CompletedTask)).Code);

    [Fact]
    public async Task AddAll_Interface_CallsItsService()
    {
        _registry.AddAll<IMath, Arithmetic>();
        _registry.AddAll<IMath, Arithmetic>();
        Assert.Equal(["add", "describe", "greet", "identity", "sum"], _registry.All.Select(activity => activity.Name).Order());
        Assert.Equal("3", await InvokeAsync("add", "[1,2]"));
        Assert.Equal("11", await InvokeAsync("add", "[1]"));
        Assert.Equal("\"describe-1-7\"", await InvokeAsync("describe", "7", "describe"));
        Assert.Equal("6", await InvokeAsync("sum", "[1,2,3]"));
        Assert.Equal("null", await InvokeAsync("greet", "null"));
        Assert.Equal("""{"value":[1]}""", await InvokeAsync("identity", """{"value":[1]}"""));
        Assert.Equal(7, _registry.Get("sum").Defaults!.Options.Priority);
        Assert.Equal(typeof(Arithmetic), _registry.Implementations[typeof(IMath)]);
    }

    [Fact]
    public async Task AddAll_Interface_PrefersTheRegisteredInstance()
    {
        _registry.AddAll<ICounter, NeedsConstructor>();
        using ServiceProvider services = new ServiceCollection().AddSingleton(new Services("s")).AddSingleton<ICounter>(
            new Counter(41)).BuildServiceProvider();
        Assert.Equal("42", await InvokeAsync("next", "null", services: services));
        using ServiceProvider without = new ServiceCollection().AddSingleton(new Services("1234")).BuildServiceProvider();
        Assert.Equal("4", await InvokeAsync("next", "null", services: without));
        await Assert.ThrowsAsync<InvalidOptionException>(() => _registry.Get("next").InvokeAsync(
            new FixedScope(null, Info("next"), default), default, PayloadCodec.Default));
    }

    [Theory]
    [InlineData("add", "5")]
    [InlineData("add", "[]")]
    [InlineData("add", "[1,2,3]")]
    [InlineData("add", "[\"x\",1]")]
    [InlineData("add", "{")]
    [InlineData("add", "")]
    [InlineData("describe", "\"x\"")]
    [InlineData("greet", "5")]
    public async Task Invoke_WrongArguments_AreUndecodable(string activity, string input)
    {
        _registry.AddAll<IMath, Arithmetic>();
        await Assert.ThrowsAsync<UndecodablePayloadException>(() => InvokeAsync(activity, input));
        Assert.Throws<InputValidationException>(
            () => _registry.Get(activity).CheckInput(Encoding.UTF8.GetBytes(input), PayloadCodec.Default));
    }

    [Fact]
    public async Task Invoke_MethodThatThrows_ThrowsItsOwnException()
    {
        _registry.AddAll<Marked>();
        Assert.Equal(["late-failure", "now-failure"], _registry.All.Select(activity => activity.Name).Order());
        await Assert.ThrowsAsync<IOException>(() => InvokeAsync("now-failure", "null"));
        await Assert.ThrowsAsync<IOException>(() => InvokeAsync("late-failure", "null"));
    }

    [Fact]
    public void AddAll_WrongClasses_AreRefused()
    {
        Assert.Throws<InvalidOptionException>(() => _registry.AddAll<Counter>());
        Assert.Throws<InvalidOptionException>(() => _registry.AddAll<IMath, AbstractMath>());
        Assert.Contains(
            "which is what callers see",
            Assert.Throws<InvalidOptionException>(() => _registry.AddAll<ICounter, HiddenAttribute>()).Message, StringComparison.Ordinal);
        _registry.AddAll<ICounter, Counter2>();
        Assert.Throws<InvalidOptionException>(() => _registry.AddAll<ICounter, NeedsConstructor>());
    }

    [Fact]
    public void Get_Unknown_NamesTheNearest()
    {
        Assert.Contains(
            "none is", Assert.Throws<UnknownActivityException>(() => _registry.Get("charge")).Message, StringComparison.Ordinal);
        _registry.Add("charge", (int x) => Task.CompletedTask);
        UnknownActivityException error = Assert.Throws<UnknownActivityException>(() => _registry.Get("chrage"));
        Assert.Contains("did you mean 'charge'?", error.Message, StringComparison.Ordinal);
        Assert.Equal((ErrorCodes.UnknownActivity, "chrage"), (error.Code, error.Activity));
        Assert.True(NonRetryableErrors.Contains(RetryPolicy.Unlimited, error));
    }

    private async Task<string> InvokeAsync(string name, string input, string step = "step", IServiceProvider? services = null)
    {
        using ServiceProvider own = new ServiceCollection().AddSingleton(new Services("!")).BuildServiceProvider();
        ReadOnlyMemory<byte> result = await _registry.Get(name).InvokeAsync(
            new FixedScope(services ?? own, Info(step), default), Encoding.UTF8.GetBytes(input), PayloadCodec.Default);
        return Encoding.UTF8.GetString(result.Span);
    }

    private static StepInfo Info(string name) => new("run", name, 1, 0, null, PayloadCodec.Default);

    internal sealed record Services(string Suffix);

    internal interface IMath
    {
        Task<int> AddAsync(int a, int b = 10);

        Task<string> DescribeAsync(StepInfo info, int number, CancellationToken cancellationToken = default);

        [Activity("sum", Priority = 7)]
        Task<int> TotalAsync(int[] numbers);

        Task GreetAsync();

        Task<Dictionary<string, int[]>> IdentityAsync(Dictionary<string, int[]> value);
    }

    internal sealed class Arithmetic : IMath
    {
        public Task<int> AddAsync(int a, int b = 10) => Task.FromResult(a + b);

        public Task<string> DescribeAsync(StepInfo info, int number, CancellationToken cancellationToken = default) =>
            Task.FromResult($"{info.StepName}-{info.Attempt}-{number}");

        public Task<int> TotalAsync(int[] numbers) => Task.FromResult(numbers.Sum());

        public async Task GreetAsync() => await Task.Yield();

        public async Task<Dictionary<string, int[]>> IdentityAsync(Dictionary<string, int[]> value)
        {
            await Task.Yield();
            return value;
        }
    }

    internal abstract class AbstractMath : IMath
    {
        public abstract Task<int> AddAsync(int a, int b = 10);

        public abstract Task<string> DescribeAsync(StepInfo info, int number, CancellationToken cancellationToken = default);

        public abstract Task<int> TotalAsync(int[] numbers);

        public abstract Task GreetAsync();

        public abstract Task<Dictionary<string, int[]>> IdentityAsync(Dictionary<string, int[]> value);
    }

    internal interface ICounter
    {
        Task<int> NextAsync();
    }

    internal sealed class Counter(int start) : ICounter
    {
        public Task<int> NextAsync() => Task.FromResult(start + 1);
    }

    internal sealed class Counter2 : ICounter
    {
        public Task<int> NextAsync() => Task.FromResult(2);
    }

    internal sealed class NeedsConstructor(Services services) : ICounter
    {
        public Task<int> NextAsync() => Task.FromResult(services.Suffix.Length);
    }

    internal sealed class HiddenAttribute : ICounter
    {
        [Activity("other")]
        public Task<int> NextAsync() => Task.FromResult(2);
    }

    internal sealed class Marked
    {
        [Activity]
        public Task<int> NowFailureAsync() => throw new IOException();

        [Activity]
        public async Task LateFailureAsync()
        {
            await Task.Yield();
            throw new IOException();
        }

        public Task Unmarked() => Task.CompletedTask;
    }
}
