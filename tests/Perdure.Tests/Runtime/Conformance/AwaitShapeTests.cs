using Perdure.Runtime;
using Perdure.Tests.Runtime.Driving;

namespace Perdure.Tests.Runtime.Conformance;

public sealed class AwaitShapeTests
{
    [Fact]
    public void Probe()
    {
        var output = new System.Text.StringBuilder();
        foreach (var shape in Shapes.All)
        {
            var log = new List<string>();
            var run = MachineHarness.Of(async ctx => { await shape.Code(new Probe(ctx, log)); log.Add("end"); });
            run.Load();
            run.Commit();
            foreach (var name in shape.Completions) { if (run.Bodies.Any(b => b.Name == name)) { run.Finish(name, name); run.Commit(); } }
            if (run.Status is null && run.Blocked is null) try { Thread.Sleep(100); run.Turn(m => m.CheckForeign()); } catch { }
            output.AppendLine($"{shape.Name,-60} {run.Status} {run.Blocked?.Reason} {string.Join(' ', log)}");
        }
        File.WriteAllText("/tmp/probe.txt", output.ToString());
    }
}
