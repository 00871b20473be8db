using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Children;

/// <summary>Tags go from a run to those that it starts.</summary>
public class ChildTagTests
{
    private static readonly WorkflowDefinition<int, int> Leaf = new("leaf");
    private static readonly WorkflowDefinition<int, int> Middle = new("middle");
    private static readonly WorkflowDefinition<int, int> Top = new("top");

    [Theory, EveryStore]
    public async Task Tags_AreInherited_OverThoseOfTheChildsWorkflow_UnlessTheCallHasItsOwn(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (_, n) => Task.FromResult(n), new() { Tags = new Dictionary<string, string> { ["kind"] = "leaf", ["color"] = "white" } })
            .AddWorkflow(Middle, async (ctx, n) => (await ctx.FanOutAsync([n + 1, n + 2], Leaf)).Values.Sum())
            .AddWorkflow(Top, async (ctx, n) => n == 0 ? await ctx.ContinueAsNewAsync<int>(1)
                : await ctx.ChildAsync(Middle, 10) + await ctx.ChildAsync(Leaf, 30, new() { Tags = new Dictionary<string, string> { ["color"] = "red" } })));
        var run = await engine.Client.StartAsync(Top, 0, new() { Tags = new Dictionary<string, string> { ["tenant"] = "a", ["color"] = "blue" } }).Soon();
        Assert.Equal(53, await engine.TrickleAsync(run.ResultAsync()));

        async Task<string[]> TagsAsync(string workflow) =>
            [.. (await engine.Client.ListAsync(new() { Workflow = workflow })).Runs.Select(static child => string.Join(' ', child.Tags.OrderBy(static tag => tag.Key).Select(static tag => $"{tag.Key}={tag.Value}"))).Order()];
        Assert.Equal(["color=blue tenant=a", "color=blue tenant=a"], await TagsAsync("top"));
        Assert.Equal(["color=blue tenant=a"], await TagsAsync("middle"));
        // Two of the fan-out, a level below, and the one that was started with a tag of its own.
        Assert.Equal(["color=blue kind=leaf tenant=a", "color=blue kind=leaf tenant=a", "color=red kind=leaf"], await TagsAsync("leaf"));
        Assert.Equal(5, (await engine.Client.CountAsync(new() { Tags = new Dictionary<string, string?> { ["tenant"] = "a" } })).Values.Sum());
    }

    [Theory, EveryStore]
    public async Task Tags_WithoutAny_LeaveTheChildThoseOfItsWorkflow_AndAnEmptySetOverridesToo(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (_, n) => Task.FromResult(n), new() { Tags = new Dictionary<string, string> { ["kind"] = "leaf" } })
            .AddWorkflow(Top, (ctx, n) => ctx.ChildAsync(Leaf, n, n == 1 ? null : new() { Tags = new Dictionary<string, string>() })));
        foreach (var (n, tags) in new[] { (1, null), (2, new Dictionary<string, string> { ["tenant"] = "a" }) })
        {
            var run = await engine.Client.StartAsync(Top, n, new() { Tags = tags }).Soon();
            await engine.TrickleAsync(run.ResultAsync());
            var child = Assert.Single((await engine.Client.ListAsync(new() { Parent = run.Id })).Runs);
            Assert.Equal([new("kind", "leaf")], child.Tags);
        }
    }

    [Theory, EveryStore]
    public async Task Tags_ThatAreTooManyWithThoseOfTheChildsWorkflow_AreRefusedInTheParent(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, builder => builder
            .AddWorkflow(Leaf, (_, n) => Task.FromResult(n), new() { Tags = new Dictionary<string, string> { ["kind"] = "leaf" } })
            .AddWorkflow("top", async (WorkflowContext ctx, Unit _) =>
            {
                try
                {
                    await ctx.ChildAsync(Leaf, 1);
                    return "started";
                }
                catch (InvalidOptionException e)
                {
                    // With fewer it goes.
                    return $"{e.Option} {await ctx.ChildAsync(Leaf, 2, new() { Tags = new Dictionary<string, string> { ["tenant"] = "a" } })}";
                }
            }));
        var full = Enumerable.Range(0, PerdureDefaults.MaxTags).ToDictionary(static i => $"tag-{i}", static i => "x");
        var run = await engine.Client.StartAsync("top", default(Unit), new() { Tags = full }).Soon();

        Assert.Equal("Tags 2", await engine.TrickleAsync(run.ResultAsync<string>()));
        Assert.Single((await engine.Client.ListAsync(new() { Parent = run.Id })).Runs);
    }
}
