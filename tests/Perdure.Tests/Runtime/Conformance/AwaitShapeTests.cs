using Perdure.Runtime;
using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime.Conformance;

/// <summary>
/// In which order code goes on, for every way to await. That order is part of what a stored history means, so a runtime on which one of these fails cannot
/// replay what another has written.
/// </summary>
public sealed class AwaitShapeTests
{
    public static TheoryData<string> Kept => [.. Shapes.All.Where(static shape => shape.Seen is not null).Select(static shape => shape.Name)];

    public static TheoryData<string> Foreign => [.. Shapes.All.Where(static shape => shape.Seen is null).Select(static shape => shape.Name)];

    [Theory]
    [MemberData(nameof(Kept))]
    public void Await_AnyShapeThatStaysInTheRun_IsSeenInTheSameOrderLiveAndOnReplay(string name)
    {
        var shape = Shape(name);
        var log = new List<string>();
        var run = Begin(shape, log, new ManualResetEventSlim(true));
        run.Load();
        run.Commit();
        foreach (var step in shape.Completions)
        {
            run.Finish(step, step);
            run.Commit();
        }
        Assert.Null(run.Blocked);
        Assert.Equal(RunStatus.Completed, run.Status);
        Assert.Equal(shape.Seen, string.Join(' ', log));

        for (var events = 1; events < run.Events.Length; events++)
        {
            var again = new List<string>();
            var fork = run.Fork(events);
            fork.Workflow = Begin(shape, again, new ManualResetEventSlim(true)).Workflow;
            fork.Load();
            Assert.Null(fork.Blocked);
            Assert.Equal(log.Take(again.Count), again);
            if (events == run.Events.Length - 1) Assert.Equal(log.Count, again.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Await_AnyShapeThatLeavesTheRun_BlocksIt(string name)
    {
        var shape = Shape(name);
        using var outside = new ManualResetEventSlim();
        var run = Begin(shape, [], outside);
        run.Load();
        run.Commit();
        outside.Set();
        foreach (var step in shape.Completions)
        {
            if (run.Blocked is not null) break;
            run.Finish(step, step);
            run.Commit();
        }
        run.AwaitForeign();
        Assert.Equal(RunBlockedReason.ForeignAwait, run.Blocked?.Reason);
        Assert.Equal(EventKind.RunBlocked, run.Events[^1].Kind);
        Assert.Null(run.Status);
    }

    private static Shape Shape(string name) => Shapes.All.Single(shape => shape.Name == name);

    private static MachineHarness Begin(Shape shape, List<string> log, ManualResetEventSlim outside) => MachineHarness.Of(async ctx =>
    {
        var probe = new Probe(ctx, log) { Outside = outside };
        await shape.Code(probe);
        probe.See("end");
    });
}
