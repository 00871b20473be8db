using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Client;

/// <summary>Many starts in one transaction: what becomes of each, what refuses all, and what a lost answer costs.</summary>
public class StartManyTests
{
    private static readonly WorkflowDefinition<int, int> Double = new("double");

    private static void Register(IPerdureBuilder builder) => builder.AddWorkflow(Double, (ctx, number) => ctx.StepAsync("double", () => Task.FromResult(2 * number)));

    [Theory, EveryStore]
    public async Task StartMany_AThousand_AreOneTransactionAndAllRun(StoreKind kind)
    {
        using var store = new TestStore(kind);
        var calls = new Lifeline();
        await using var client = TestEngine.ClientOnly(store, Register, calls.On);
        var outcomes = await client.Client.StartManyAsync([.. Enumerable.Range(0, 1000).Select(i => RunStart.Of(Double, i))]).Soon();
        Assert.Equal(1, calls.CountOf(nameof(IPerdureStore.StartRunsAsync)));

        Assert.All(outcomes, static outcome => Assert.True(outcome is { Run.WasCreated: true, Refusal: null }));
        Assert.Equal(1000, outcomes.Select(outcome => outcome.Run.Id).Distinct().Count());
        Assert.Equal(17, (await outcomes[17].Run.GetAsync()).Input.GetInt32());
        await using var engine = await TestEngine.StartAsync(store, Register);
        foreach (var i in new[] { 0, 500, 999 }) Assert.Equal(2 * i, await engine.Client.Handle<int>(outcomes[i].Run.Id).ResultAsync().Soon());
    }

    [Theory, EveryStore]
    public async Task StartMany_InAProcessWithAWorker_RunsThemThere(StoreKind kind)
    {
        await using var engine = await TestEngine.StartAsync(kind, Register);
        var outcomes = await engine.Client.StartManyAsync([.. Enumerable.Range(0, 20).Select(i => RunStart.Of("double", i, new() { Tags = new Dictionary<string, string> { ["n"] = "" } }))]).Soon();
        for (var i = 0; i < 20; i++) Assert.Equal(2 * i, await outcomes[i].Run.ResultAsync<int>().Soon());
        Assert.Equal(20, (await engine.Client.ListAsync(new() { Tags = new Dictionary<string, string?> { ["n"] = "" } })).Runs.Count);
    }

    [Theory, EveryStore]
    public async Task StartMany_EachHasItsOutcome_InTheOrderOfTheList(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        var held = await client.Client.StartAsync(Double, 1, new() { Key = "held" }).Soon();

        var outcomes = await client.Client.StartManyAsync(
        [
            RunStart.Of(Double, 5, new() { Key = "z" }),
            RunStart.Of(Double, 1, new() { Key = "held" }),
            RunStart.Of(Double, 2, new() { Key = "held" }),
            RunStart.Of(Double, 1, new() { Key = "held", OnConflict = ConflictPolicy.Fail }),
            RunStart.Of(Double, 5, new() { Id = "a" }),
            RunStart.Of(Double, 5, new() { Key = "z" }),
            RunStart.Of(Double, 6, new() { Key = "z" }),
            RunStart.Of(Double, 7),
        ]).Soon();

        Assert.Equal([true, false, false, false, true, false, false, true], outcomes.Select(outcome => outcome.Run.WasCreated));
        Assert.Equal((outcomes[0].Run.Id, held.Id, "a"), (outcomes[5].Run.Id, outcomes[1].Run.Id, outcomes[4].Run.Id));
        Assert.All([0, 1, 4, 5, 7], i => Assert.Null(outcomes[i].Refusal));
        Assert.Equal(("held", held.Id), outcomes[2].Refusal is KeyConflictException other ? (other.Key, other.RunId) : default);
        Assert.Equal(held.Id, Assert.IsType<AlreadyExistsException>(outcomes[3].Refusal).RunId);
        Assert.Equal(outcomes[0].Run.Id, Assert.IsType<KeyConflictException>(outcomes[6].Refusal).RunId);
        Assert.Equal(4, (await client.Client.ListAsync()).Runs.Count);
    }

    [Theory, EveryStore]
    public async Task StartMany_AnAnswerThatIsLost_IsAskedForAgain_AndARepeatedCallFindsTheSameRuns(StoreKind kind)
    {
        using var store = new TestStore(kind);
        RunStart[] starts = [RunStart.Of(Double, 1, new() { Key = "b" }), RunStart.Of(Double, 2, new() { Key = "a" }), RunStart.Of(Double, 3)];
        await using var client = TestEngine.ClientOnly(store, Register, inner => LossyStore.On(inner, nameof(IPerdureStore.StartRunsAsync), static () => Task.CompletedTask));
        var call = client.Client.StartManyAsync(starts);
        var first = await client.TrickleAsync(call);
        Assert.All(first, static outcome => Assert.True(outcome.Run.WasCreated));
        Assert.Equal(3, (await client.Client.ListAsync()).Runs.Count);

        // The caller has died before it heard of it: another one does the same.
        await using var other = TestEngine.ClientOnly(store, Register);
        var second = await other.Client.StartManyAsync(starts[..2]).Soon();
        Assert.Equal(first.Take(2).Select(outcome => (outcome.Run.Id, false)), second.Select(outcome => (outcome.Run.Id, outcome.Run.WasCreated)));
        Assert.Equal(3, (await client.Client.ListAsync()).Runs.Count);
    }

    [Theory, EveryStore]
    public async Task StartMany_ByManyAtOnceInAnyOrder_MakeEachRunOnce(StoreKind kind)
    {
        using var store = new TestStore(kind);
        await using var client = TestEngine.ClientOnly(store, Register);
        var calls = Enumerable.Range(0, 8).Select(seed => Task.Run(() =>
        {
            var keys = Enumerable.Range(0, 30).ToArray();
            new Random(seed).Shuffle(keys);
            return client.Client.StartManyAsync([.. keys.Select(i => RunStart.Of(Double, i, new() { Key = $"k{i}" }))]);
        }));
        var outcomes = (await client.TrickleAsync(Task.WhenAll(calls))).SelectMany(static call => call).ToList();
        Assert.Equal(30, outcomes.Select(outcome => outcome.Run.Id).Distinct().Count());
        Assert.Equal(30, (await client.Client.ListAsync()).Runs.Count);
        Assert.All(outcomes, static outcome => Assert.Null(outcome.Refusal));
    }

    [Fact]
    public async Task StartMany_WithOneThatBreaksARule_StoresNothingAndNamesIt()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, Register);
        foreach (var (start, code) in new (RunStart, string)[]
        {
            (RunStart.Of(Double, 1, new() { Priority = 1001 }), ErrorCodes.InvalidOption),
            (RunStart.Of("double", "many"), ErrorCodes.InputInvalid),
            (RunStart.Of("duble", 1), ErrorCodes.UnknownWorkflow),
            (RunStart.Of(Double, 1, new() { Transient = true }), ErrorCodes.NotDurable),
        })
        {
            var refused = await Assert.ThrowsAsync<InvalidStartException>(() => engine.Client.StartManyAsync([RunStart.Of(Double, 1), RunStart.Of(Double, 2), start, RunStart.Of(Double, 3)]));
            Assert.Equal((2, code, code), (refused.Index, refused.Code, ((PerdureException)refused.InnerException!).Code));
            Assert.Contains("Start 2 of the list", refused.Message, StringComparison.Ordinal);
        }
        await Assert.ThrowsAsync<InvalidOptionException>(() => engine.Client.StartManyAsync([.. Enumerable.Repeat(RunStart.Of(Double, 1), 1001)]));
        var large = RunStart.Of("anything", new string('x', 1_000_000), new() { AllowRemote = true });
        await Assert.ThrowsAsync<PayloadTooLargeException>(() => engine.Client.StartManyAsync([.. Enumerable.Repeat(large, 68)]));
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.StartManyAsync([null!]));
        Assert.Empty(await engine.Client.StartManyAsync([]));
        Assert.Empty((await engine.Client.ListAsync()).Runs);
    }

    [Fact]
    public async Task StartMany_WhereNobodyElseDrives_DrivesEach()
    {
        await using var engine = await TestEngine.StartAsync(StoreKind.Memory, Register, static o => o.Runtime = PerdureRuntime.Manual);
        var outcomes = await engine.TrickleAsync(engine.Client.StartManyAsync([RunStart.Of(Double, 1), RunStart.Of(Double, 2)]));
        Assert.Equal(2, await outcomes[0].Run.ResultAsync<int>(TimeSpan.Zero));
        Assert.Equal(4, await outcomes[1].Run.ResultAsync<int>(TimeSpan.Zero));
    }
}
