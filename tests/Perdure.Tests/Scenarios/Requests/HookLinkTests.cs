using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Scenarios.Requests;

/// <summary>How the link of a hook is made and sent.</summary>
public class HookLinkTests
{
    private static readonly Published<string> Link = new("link");

    [Theory, EveryStore]
    public async Task OnCreated_SendsTheLinkOnce_AlsoIfTheProcessDiesBehindIt(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var probe = new Probe();
        void Register(IPerdureBuilder builder)
        {
            builder.Services.AddSingleton(probe);
            builder.AddWorkflow("approve", static async (WorkflowContext ctx, Unit _) =>
            {
                var hook = await ctx.CreateHookAsync<bool, Probe>("approval", static (hook, mail, _) => mail.NoteAsync("mail " + hook.Url, 0));
                return await hook.ReceiveAsync();
            });
        }
        var mortal = await TestEngine.StartMortalAsync(store, Register, static o => o.HookUrl = "https://shop.example/hooks/");
        var id = (await mortal.Client.StartAsync("approve", default(Unit)).Soon()).Id;
        await mortal.Client.Handle(id).WaitsForAsync("hook");
        await mortal.KillAsync();

        await using var engine = await TestEngine.StartAsync(store, Register);
        var url = Assert.Single(probe.Calls)["mail ".Length..];
        Assert.StartsWith("https://shop.example/hooks/", url, StringComparison.Ordinal);
        await engine.Client.ResumeHookAsync(url["https://shop.example/hooks/".Length..], true).Soon();
        Assert.True(await engine.Client.Handle(id).ResultAsync<bool>().Soon());
        Assert.Single(probe.Calls);
        Assert.Contains("approval:created", (await engine.Client.GetAsync(id, RunInclude.Steps)).Steps!.Select(static step => step.Name));
    }

    [Fact]
    public async Task HookSecret_IsWhatTokensAreMadeFrom_SoThatAnotherSecretMakesOthers()
    {
        using var store = new TestStore(StoreKind.Sqlite);
        static void Register(IPerdureBuilder builder) => builder.AddWorkflow("approve", static async (WorkflowContext ctx, Unit _) =>
        {
            var hook = ctx.CreateHook<bool>("approval");
            ctx.Publish(Link, hook.Token);
            // Where the code of the next life looks again.
            await ctx.SleepAsync("1h");
            ctx.Publish(Link, hook.Token);
            return await hook.ReceiveAsync();
        });
        static string Secret(char c) => new(c, 32);
        string id, token;
        await using (var first = await TestEngine.StartAsync(store, Register, static o => o.HookSecret = Secret('a')))
        {
            var run = await first.Client.StartAsync("approve", default(Unit)).Soon();
            id = run.Id;
            await run.BecomesAsync(RunStatus.Suspended);
            token = (await run.ReadAsync(Link))!;
        }
        await using (var same = await TestEngine.StartAsync(store, Register, static o => o.HookSecret = Secret('a')))
        {
            store.Clock.Advance(TimeSpan.FromHours(1));
            await same.TrickleAsync(Waiting.UntilAsync(async () => (await same.Client.GetAsync(id)).WaitingFor is [{ Kind: "hook" }]));
            Assert.Equal(token, await same.Client.Handle(id).ReadAsync(Link));
            var other = await same.Client.StartAsync("approve", default(Unit)).Soon();
            await other.BecomesAsync(RunStatus.Suspended);
            id = other.Id;
            token = (await other.ReadAsync(Link))!;
        }
        // The store holds hashes only; with another secret the code shows another token, which opens nothing.
        await using var changed = await TestEngine.StartAsync(store, Register, static o => o.HookSecret = Secret('b'));
        store.Clock.Advance(TimeSpan.FromHours(1));
        await changed.TrickleAsync(Waiting.UntilAsync(async () => (await changed.Client.GetAsync(id)).WaitingFor is [{ Kind: "hook" }]));
        var shown = (await changed.Client.Handle(id).ReadAsync(Link))!;
        Assert.NotEqual(token, shown);
        await Assert.ThrowsAsync<HookRefusedException>(() => changed.Client.ResumeHookAsync(shown, true));
        await changed.Client.ResumeHookAsync(token, true).Soon();
        Assert.True(await changed.TrickleAsync(changed.Client.Handle(id).ResultAsync<bool>()));
    }
}
