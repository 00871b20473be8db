using Perdure.Bench.Engines;
using Perdure.Bench.Limits;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>Whole workflows on the prototype: a durable start, so many durable steps one after the other, a durable end.</summary>
internal static class PrototypeThroughput
{
    public static string NameOf(Backend backend, int steps, int inFlight) =>
        $"{(backend == Backend.Postgres ? "postgres " : "")}prototype: {steps} steps, {inFlight} in flight";

    public static Case Create(Scratch scratch, Backend backend, int steps, int inFlight, int total) =>
        new(NameOf(backend, steps, inFlight), () => MeasureAsync(scratch, backend, steps, inFlight, total))
        {
            Settings = [("store", backend.Text()), ("steps", steps), ("inFlight", inFlight), ("total", total)],
        };

    private static async Task<Figures> MeasureAsync(Scratch scratch, Backend backend, int steps, int inFlight, int total)
    {
        var place = scratch.NewPlace(backend);
        var figures = new Figures();
        using (var db = ILogDatabase.Open(place))
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
                Throughput.FillServer(figures, meter.Read(), total, steps);
                figures["commits"] = writer.Commits;
            }
            db.Expect(total, (long)total * steps);
        }
        scratch.Remove(place);
        return figures;
    }
}
