using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Commands;
using Perdure.Torture.Adapter.Dumps;
using Perdure.Torture.Adapter.Interpretation;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Tests.Vectors;

/// <summary>The interpreter, run by the real engine, against the protocol's golden vectors.</summary>
public sealed class VectorTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>What only happens around the operations of a program.</summary>
    private static readonly string[] Uncompared = ["started", "other", "timer-set", "attempt-failed", "value", "completed", "failed", "cancelled"];

    /// <summary>Vectors of operations that do not exist yet, by name, so that none is left out unseen.</summary>
    private static readonly string[] NotYet = ["child completed", "child failed", "continue-as-new twice"];

    public static TheoryData<string> Names => [.. Vector.All.Select(vector => vector.Name).Except(NotYet)];

    [Fact]
    public void Witness_OfTheGivenParts_IsTheGivenHash()
    {
        var hashes = Vector.File.GetProperty("hash").EnumerateArray().ToList();
        Assert.Equal(5, hashes.Count);
        foreach (var hash in hashes)
            Assert.Equal(hash.GetProperty("h").GetString(), Witness.Of(hash.GetProperty("parts").Deserialize<string[]>()!));
    }

    [Fact]
    public void Vectors_ThatAreLeftOut_NeedWhatCapsDoesNotName()
    {
        Assert.Equal(19, Vector.All.Count);
        foreach (var vector in Vector.All)
        {
            var isThere = vector.Program.Ops.All(operation => CapsCommand.Operations.Contains(operation.O));
            Assert.Equal(isThere, !NotYet.Contains(vector.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Interpreter_RunsTheVector(string name)
    {
        var vector = Vector.All.Single(vector => vector.Name == name);
        var bodies = new ScriptedBodies(vector.Values);
        var services = new ServiceCollection();
        TortureWorkflow.Register(services.AddPerdure().UseInMemory(), bodies, maxDeliveries: 8);
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        var run = await engine.Client.StartAsync(TortureWorkflow.Definition, vector.Program);

        for (var i = 0; i < vector.Events.Length; i++) await HappensAsync(vector, i, run, bodies);
        try
        {
            await run.WaitAsync(Limit);
        }
        catch (RunOutcomeException)
        {
            // The state is compared below.
        }

        var snapshot = await RunSnapshot.ReadAsync(engine.Client, run.Id);
        Assert.Equal(vector.State, RunStates.Of(snapshot.Run));
        Assert.Equal(vector.Result, RunStates.ResultOf(snapshot.Run));
        Assert.Equal(vector.In, new Dictionary<string, string>(bodies.In));
        Assert.Equal(vector.Events.Select(e => (e.Type, e.S, e.X)), Shown(snapshot, vector));
    }

    /// <summary>Lets the next thing complete, and waits until it stands in the history.</summary>
    private static async Task HappensAsync(Vector vector, int index, RunHandle run, ScriptedBodies bodies)
    {
        var e = vector.Events[index];
        switch (e.Type)
        {
            case "step":
                await bodies.AskedFor(e.S!).WaitAsync(Limit);
                bodies.Return(e.S!, e.X!);
                break;
            case "signal":
                var wait = vector.Program.Ops.Single(operation => operation.Id == e.S);
                await run.SignalAsync(new Signal<SignalValue>(wait.Name!), new SignalValue(e.X!, JsonSerializer.SerializeToElement(e.X)), messageId: e.X);
                break;
            case "cancel":
                await AllIsAskedForAsync(vector, index, bodies);
                Assert.Equal(CancelOutcome.Recorded, await run.CancelAsync());
                break;
        }
        await UntilAsync(async () => Shown(await SnapshotAsync(run), vector).Count > index);
    }

    /// <summary>A cancellation comes when the steps before it, and the one that is under way, have been asked for.</summary>
    private static async Task AllIsAskedForAsync(Vector vector, int cancel, ScriptedBodies bodies)
    {
        if (vector.Events.Skip(cancel).FirstOrDefault(e => e.Type == "step") is { } next) await bodies.AskedFor(next.S!).WaitAsync(Limit);
        foreach (var s in vector.In.Keys.Except(vector.Events.Select(e => e.S))) await bodies.AskedFor(s!).WaitAsync(Limit);
    }

    private static async Task<RunSnapshot> SnapshotAsync(RunHandle run) => new(await run.GetAsync(), await run.GetHistoryAsync());

    private static List<(string Type, string? S, string? X)> Shown(RunSnapshot snapshot, Vector vector)
    {
        var events = new EventTranslator(vector.Program, snapshot.History, RunStates.Of(snapshot.Run));
        return [.. snapshot.History.Select(events.Translate).Where(e => !Uncompared.Contains(e.Type)).Select(e => (e.Type, e.S, e.X))];
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition()) await Task.Delay(2, limit.Token);
    }
}
