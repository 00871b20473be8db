using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class WorkflowRegistryTests
{
    private readonly WorkflowRegistry _registry = new();
    private readonly RecordingContext _ctx = new();

    [Fact]
    public async Task Add_Class_IsDescribedAndRuns()
    {
        _registry.Add<GreetWorkflow>();
        WorkflowDescriptor greet = _registry.Find("greet", 1)!;
        Assert.Equal((typeof(string), typeof(string), typeof(GreetWorkflow)), (greet.InputType, greet.OutputType, greet.Code));
        Assert.Equal("\"Hello, Ann\"", await RunAsync(greet, "\"Ann\""));
        Assert.Null(_registry.Find("greet", 2));
    }

    [Fact]
    public async Task Add_ClassWithoutOutput_ReturnsNull()
    {
        _registry.Add<SilentWorkflow>();
        WorkflowDescriptor silent = _registry.GetLatest("silent-one");
        Assert.Equal(typeof(Unit), silent.OutputType);
        Assert.Equal(("q", 2, TimeSpan.FromHours(2)), (silent.Options.Queue, silent.Version, silent.Options.RunTimeout));
        Assert.Equal("null", await RunAsync(silent, "5"));
    }

    [Fact]
    public async Task Add_ClassWithServices_IsMadeFromThem()
    {
        _registry.Add<NeedsServices>();
        using ServiceProvider services = new ServiceCollection().AddSingleton(new Greeting("Hi ")).BuildServiceProvider();
        WorkflowDescriptor workflow = _registry.GetLatest("needs-services");
        Assert.Equal("\"Hi Ann\"", await RunAsync(workflow, "\"Ann\"", services));
        InvalidOptionException error = await Assert.ThrowsAsync<InvalidOptionException>(() => RunAsync(workflow, "\"Ann\""));
        Assert.Contains("service provider", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_EachActivation_GetsItsOwnInstance()
    {
        _registry.Add<CountsItself>();
        WorkflowDescriptor workflow = _registry.GetLatest("counts-itself");
        Assert.Equal("1", await RunAsync(workflow, "null"));
        Assert.Equal("1", await RunAsync(workflow, "null"));
    }

    [Fact]
    public async Task Add_Function_Runs()
    {
        _registry.Add("ping", async (WorkflowContext ctx, string who) =>
        {
            await ctx.StepAsync("one", () => Task.CompletedTask);
            return "hi " + who;
        });
        _registry.Add("quiet", async (WorkflowContext ctx, int x) => await ctx.StepAsync("two", () => Task.CompletedTask));
        _registry.Add(new WorkflowDefinition<int, int>("twice", 3), (ctx, x) => Task.FromResult(2 * x), new() { Queue = "q" });
        _registry.Add(new WorkflowDefinition<int>("nothing"), (ctx, x) => Task.CompletedTask);
        Assert.Equal("\"hi Ann\"", await RunAsync(_registry.GetLatest("ping"), "\"Ann\""));
        Assert.Equal("null", await RunAsync(_registry.GetLatest("quiet"), "1"));
        Assert.Equal("8", await RunAsync(_registry.Find("twice", 3)!, "4"));
        Assert.Equal("null", await RunAsync(_registry.GetLatest("nothing"), "4"));
        Assert.Equal("q", _registry.GetLatest("twice").Options.Queue);
        Assert.Equal(["step one services=False", "step two services=False"], _ctx.Issued);
    }

    [Fact]
    public async Task M13_An_undecodable_input_runs_nothing_and_is_told_apart()
    {
        bool ran = false;
        _registry.Add("ping", (WorkflowContext ctx, int x) =>
        {
            ran = true;
            return Task.FromResult(x);
        });
        await Assert.ThrowsAsync<UndecodablePayloadException>(() => RunAsync(_registry.GetLatest("ping"), "\"x\""));
        Assert.False(ran);
    }

    [Fact]
    public async Task Run_ResultThatIsNoData_IsTyped()
    {
        _registry.Add("stream", (WorkflowContext ctx, Unit _) => Task.FromResult(new MemoryStream()));
        await Assert.ThrowsAsync<ResultNotSerializableException>(() => RunAsync(_registry.GetLatest("stream"), "null"));
    }

    [Fact]
    public void Add_Twice_SameCodeIsFineOtherCodeIsNot()
    {
        _registry.Add<GreetWorkflow>();
        _registry.Add<GreetWorkflow>();
        for (int i = 0; i < 2; i++) _registry.Add("ping", (WorkflowContext ctx, int x) => Task.FromResult(x));
        Assert.Equal(2, _registry.All.Count);
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => _registry.Add("greet", (WorkflowContext ctx, int x) => Task.FromResult(x)));
        Assert.Equal(ErrorCodes.DuplicateRegistration, error.Code);
        Assert.Contains("greet v1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Versions_StandSideBySide()
    {
        _registry.Add(new WorkflowDefinition<int, int>("order", 2), (ctx, x) => Task.FromResult(2));
        _registry.Add(new WorkflowDefinition<int, int>("order", 10), (ctx, x) => Task.FromResult(10));
        _registry.Add(new WorkflowDefinition<int, int>("order", 1), (ctx, x) => Task.FromResult(1));
        Assert.Equal(10, _registry.GetLatest("order").Version);
        Assert.Equal(1, _registry.Find("order", 1)!.Version);
        Assert.Null(_registry.Find("order", 3));
    }

    [Fact]
    public void GetLatest_Unknown_NamesTheNearestAndTheKnob()
    {
        _registry.Add<GreetWorkflow>();
        UnknownWorkflowException error = Assert.Throws<UnknownWorkflowException>(() => _registry.GetLatest("great"));
        Assert.Contains("did you mean 'greet'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("AllowRemote", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ContradictingDefinition_IsRefused()
    {
        Assert.Contains(
            "order v1", Assert.Throws<InvalidOptionException>(() => _registry.Add<WrongVersion>()).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => _registry.Add<WrongName>());
        Assert.Throws<InvalidOptionException>(() => _registry.Add<BadOption>());
        Assert.Throws<InvalidOptionException>(() => _registry.Add<ReservedName>());
        Assert.Throws<InvalidOptionException>(() => _registry.Add<AbstractWorkflow>());
        Assert.Throws<InvalidOptionException>(() => _registry.Add<GreetWorkflow>(new WorkflowOptions { Priority = 2000 }));
        Assert.Empty(_registry.All);
    }

    [Fact]
    public void Add_OptionsOfRegistration_WinOverTheAttribute()
    {
        _registry.Add<SilentWorkflow>(new WorkflowOptions { Queue = "other" });
        WorkflowOptions options = _registry.GetLatest("silent-one").Options;
        Assert.Equal(("other", TimeSpan.FromHours(2)), (options.Queue, options.RunTimeout));
    }

    private async Task<string> RunAsync(WorkflowDescriptor workflow, string input, IServiceProvider? services = null)
    {
        var entered = workflow.Enter(_ctx, Encoding.UTF8.GetBytes(input), PayloadCodec.Default, services);
        await entered;
        return Encoding.UTF8.GetString(workflow.ResultOf(entered, PayloadCodec.Default).Span);
    }

    internal sealed class GreetWorkflow : Workflow<string, string>
    {
        public static readonly WorkflowDefinition<string, string> Definition = new("greet");

        public override Task<string> RunAsync(WorkflowContext ctx, string input) => Task.FromResult("Hello, " + input);
    }

    [Workflow("silent-one", Version = 2, Queue = "q", RunTimeout = "2h")]
    internal sealed class SilentWorkflow : Workflow<int>
    {
        public override Task RunAsync(WorkflowContext ctx, int input) => ctx.StepAsync("s", () => Task.CompletedTask);
    }

    internal sealed record Greeting(string Text);

    internal sealed class NeedsServices(Greeting greeting) : Workflow<string, string>
    {
        public override Task<string> RunAsync(WorkflowContext ctx, string input) => Task.FromResult(greeting.Text + input);
    }

    internal sealed class CountsItself : Workflow<Unit, int>
    {
        private int _entered;

        public override Task<int> RunAsync(WorkflowContext ctx, Unit input) => Task.FromResult(++_entered);
    }

    [Workflow("order", Version = 2)]
    internal sealed class WrongVersion : Workflow<int, int>
    {
        public static readonly WorkflowDefinition<int, int> Definition = new("order");

        public override Task<int> RunAsync(WorkflowContext ctx, int input) => Task.FromResult(1);
    }

    internal sealed class WrongName : Workflow<int, int>
    {
        public static readonly WorkflowDefinition<int, int> Definition = new("order");

        public override Task<int> RunAsync(WorkflowContext ctx, int input) => Task.FromResult(1);
    }

    [Workflow("bad", RunTimeout = "soon")]
    internal sealed class BadOption : Workflow<int, int>
    {
        public override Task<int> RunAsync(WorkflowContext ctx, int input) => Task.FromResult(1);
    }

    [Workflow("_bad")]
    internal sealed class ReservedName : Workflow<int, int>
    {
        public override Task<int> RunAsync(WorkflowContext ctx, int input) => Task.FromResult(1);
    }

    internal abstract class AbstractWorkflow : Workflow<int, int>;
}
