using Microsoft.Extensions.DependencyInjection;
using Perdure.Tests.Engine;

namespace Perdure.Tests.Schedules;

/// <summary>Schedules that workflow classes have by their attributes.</summary>
public class ScheduleAttributeTests
{
    [Workflow("nightly", Version = 2)]
    [Schedule("0 3 * * *", Zone = "Europe/Berlin", Overlap = ScheduleOverlap.BufferOne)]
    [Schedule(Every = "30m", Name = "often", Input = """{"deep":true}""", CatchUp = ScheduleCatchUp.None, Jitter = "5s", Paused = true)]
    private sealed class Nightly : Workflow<Nightly.Options?, string>
    {
        public override Task<string> RunAsync(WorkflowContext ctx, Options? input) => Task.FromResult($"deep {input?.Deep ?? false}");

        internal sealed record Options(bool Deep);
    }

    [Workflow]
    [Schedule("0 3 * * *", Every = "1h")]
    private sealed class Both : Workflow<Unit>
    {
        public override Task RunAsync(WorkflowContext ctx, Unit input) => Task.CompletedTask;
    }

    [Workflow]
    [Schedule("0 3 * * *")]
    [Schedule("0 4 * * *")]
    private sealed class SameName : Workflow<Unit>
    {
        public override Task RunAsync(WorkflowContext ctx, Unit input) => Task.CompletedTask;
    }

    [Workflow]
    [Schedule("0 3 * * *", Input = "{")]
    private sealed class NoJson : Workflow<Unit>
    {
        public override Task RunAsync(WorkflowContext ctx, Unit input) => Task.CompletedTask;
    }

    [Workflow]
    [Schedule("0 3 * * *")]
    private sealed class NeedsInput : Workflow<int>
    {
        public override Task RunAsync(WorkflowContext ctx, int input) => Task.CompletedTask;
    }

    [Theory, EveryStore]
    public async Task Attribute_IsRegisteredWithItsClass_OnceHoweverOftenThatIs(StoreKind store)
    {
        await using var engine = await TestEngine.StartAsync(store, static builder => builder.AddWorkflow<Nightly>().AddWorkflow<Nightly>());
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (await engine.Client.Schedules.ListAsync()).Count == 2));
        var (nightly, often) = ((await engine.Client.Schedules.GetAsync("nightly").Soon())!, (await engine.Client.Schedules.GetAsync("often").Soon())!);

        Assert.Equal(("nightly", "Europe/Berlin", ScheduleOverlap.BufferOne, false), (nightly.Workflow, nightly.Options.Zone, nightly.Options.Overlap, nightly.IsPaused));
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(5), ScheduleCatchUp.None, true), (often.Times.Interval, often.Options.Jitter, often.Options.CatchUp, often.IsPaused));
        await engine.Client.Schedules.TriggerAsync("often").Soon();
        RunList runs = new([], null);
        await engine.TrickleAsync(Waiting.UntilAsync(async () => (runs = await engine.Client.ListAsync(new() { Workflow = "nightly", Statuses = [RunStatus.Completed] })).Runs.Count == 1));
        Assert.Equal((2, "deep True"), (runs.Runs[0].Version, await engine.Client.Handle(runs.Runs[0].Id).ResultAsync<string>().Soon()));
    }

    [Fact]
    public async Task L18_AnAttributeThatCannotBe_IsRefusedWhenItIsRegistered()
    {
        var builder = new ServiceCollection().AddPerdure();
        Assert.Contains("not both", Assert.Throws<InvalidOptionException>(() => builder.AddWorkflow<Both>()).Message);
        Assert.Contains("registered twice", Assert.Throws<InvalidOptionException>(() => builder.AddWorkflow<SameName>()).Message);
        Assert.Contains("no JSON", Assert.Throws<InvalidOptionException>(() => builder.AddWorkflow<NoJson>()).Message);
        await Assert.ThrowsAsync<InputValidationException>(() => TestEngine.StartAsync(StoreKind.Memory, static builder => builder.AddWorkflow<NeedsInput>()));
    }
}
