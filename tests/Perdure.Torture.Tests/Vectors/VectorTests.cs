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

    /// <summary>The name of the children's program. What comes of them is given, so they run nothing.</summary>
    private const string Child = "V/c0";

    /// <summary>Stands for the id of a child.</summary>
    private const string ChildId = "run-7";

    public static TheoryData<string> Names => [.. Vector.All.Select(vector => vector.Name)];

    [Fact]
    public void Witness_OfTheGivenParts_IsTheGivenHash()
    {
        var hashes = Vector.File.GetProperty("hash").EnumerateArray().ToList();
        Assert.Equal(5, hashes.Count);
        foreach (var hash in hashes)
            Assert.Equal(hash.GetProperty("h").GetString(), Witness.Of(hash.GetProperty("parts").Deserialize<string[]>()!));
    }

    [Fact]
    public void Caps_NamesWhatTheVectorsNeed()
    {
        Assert.Equal(19, Vector.All.Count);
        foreach (var operation in Vector.All.SelectMany(vector => vector.Program.Ops)) Assert.Contains(operation.O, CapsCommand.Operations);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Interpreter_RunsTheVector(string name)
    {
        var vector = Vector.All.Single(vector => vector.Name == name);
        var bodies = new ScriptedBodies(vector.Values);
        var services = new ServiceCollection();
        services.AddPerdure().UseInMemory().AddWorkflow(
            TortureWorkflow.Definition, (ctx, program) => program.K == Child ? EndOfChildAsync(vector) : new Interpreter(ctx, program, bodies).RunAsync());
        await using var provider = services.BuildServiceProvider();
        await using var engine = await PerdureEngine.StartAsync(provider);
        var run = await engine.Client.StartAsync(TortureWorkflow.Definition, vector.Program);

        for (var i = 0; i < vector.Events.Length; i++) await HappensAsync(vector, i, run, bodies, engine.Client);
        try
        {
            await run.WaitAsync(Limit);
        }
        catch (RunOutcomeException)
        {
            // The state is compared below.
        }

        var snapshot = await RunSnapshot.ReadAsync(engine.Client, run.Id);
        Assert.Equal(vector.State, RunStates.Of(snapshot.Last));
        Assert.Equal(vector.Result, RunStates.ResultOf(snapshot.Last));
        Assert.Equal(vector.In, new Dictionary<string, string>(bodies.In));
        Assert.Equal(vector.Events.Select(e => (e.Type, e.S, e.X)), Shown(snapshot));
    }

    /// <summary>Lets the next thing complete, and waits until it stands in the history.</summary>
    private static async Task HappensAsync(Vector vector, int index, RunHandle run, ScriptedBodies bodies, IPerdureClient engine)
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
        await UntilAsync(async () => Shown(await RunSnapshot.ReadAsync(engine, run.Id)).Count > index);
    }

    /// <summary>A cancellation comes when the steps before it, and the one that is under way, have been asked for.</summary>
    private static async Task AllIsAskedForAsync(Vector vector, int cancel, ScriptedBodies bodies)
    {
        if (vector.Events.Skip(cancel).FirstOrDefault(e => e.Type == "step") is { } next) await bodies.AskedFor(next.S!).WaitAsync(Limit);
        foreach (var s in vector.In.Keys.Except(vector.Events.Select(e => e.S))) await bodies.AskedFor(s!).WaitAsync(Limit);
    }

    /// <summary>A child ends as the vector says.</summary>
    private static Task<string> EndOfChildAsync(Vector vector) => vector.Events.Single(e => e.Type == "child").X!.Split(':') is ["completed", var result]
        ? Task.FromResult(result)
        : throw new WorkflowFailureException("the vector wants it");

    private static List<(string Type, string? S, string? X)> Shown(RunSnapshot snapshot)
    {
        var shown = new List<(string Type, string? S, string? X)>();
        foreach (var line in RunDump.Write(snapshot, parent: null))
        {
            if (line["r"]!.GetValue<string>() != "event" || line["type"]!.GetValue<string>() is var type && Uncompared.Contains(type)) continue;
            shown.Add((type, line["s"]?.GetValue<string>(), type == "child-started" ? ChildId : line["x"]?.GetValue<string>()));
        }
        return shown;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition()) await Task.Delay(2, limit.Token);
    }
}
