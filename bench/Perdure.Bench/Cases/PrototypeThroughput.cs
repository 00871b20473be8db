using Perdure.Bench.Limits;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>Whole workflows on the prototype: a durable start, so many durable steps one after the other, a durable end.</summary>
internal static class PrototypeThroughput
{
    public static string NameOf(int steps, int inFlight) => $"prototype: {steps} steps, {inFlight} in flight";

    public static Case Create(Scratch scratch, int steps, int inFlight, int total) =>
        new(NameOf(steps, inFlight), () => MeasureAsync(scratch, steps, inFlight, total))
        {
            Settings = [("store", "sqlite"), ("steps", steps), ("inFlight", inFlight), ("total", total)],
        };

    private static async Task<Figures> MeasureAsync(Scratch scratch, int steps, int inFlight, int total)
    {
        var path = scratch.NewFile();
        var figures = new Figures();
        using (var db = new LogDatabase(path))
        {
            using (var writer = new GroupCommit(db))
            {
                var writes = new PendingWrite[inFlight];
                for (var i = 0; i < inFlight; i++) writes[i] = new PendingWrite();
                var free = new System.Collections.Concurrent.ConcurrentStack<PendingWrite>(writes);
                var meter = Meter.Start();
                var ticks = await Load.RunAsync(total, inFlight, async run =>
                {
                    free.TryPop(out var write);
                    await writer.WriteAsync(write!, WriteKind.Start, run, 0, Bytes.Input);
                    for (var step = 0; step < steps; step++) await writer.WriteAsync(write!, WriteKind.Append, run, step, Bytes.Event);
                    await writer.WriteAsync(write!, WriteKind.End, run, 0, Bytes.Result);
                    free.Push(write!);
                });
                Throughput.Fill(figures, meter.Read(), ticks, steps);
                figures["commits"] = writer.Commits;
            }
            db.Expect(total, (long)total * steps);
        }
        Scratch.Remove(path);
        return figures;
    }
}
