using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Cases;

/// <summary>Runs that begin many steps side by side and gather their results, all at once or a bounded number at a time. The prototype beside them has as many steps one after the other.</summary>
internal static class FanOut
{
    public const int StandardWidth = 20;

    public static string NameOf(Backend backend, bool bounded, int width, int inFlight) =>
        $"{backend.Text()}: {width} parallel steps{(bounded ? ", 10 at a time" : "")}, {inFlight} in flight";

    public static Case Create(Scratch scratch, Backend backend, bool bounded, int width, int inFlight, int total, int payload = Throughput.StandardPayload) =>
        new(NameOf(backend, bounded, width, inFlight),
            () => Throughput.MeasureAsync(scratch, backend, bounded ? Workloads.Each : Workloads.Parallel, new StepsInput(width, payload), inFlight, total))
        {
            Settings = [("store", backend.Text()), ("width", width), ("inFlight", inFlight), ("total", total), ("payload", payload)],
            Ratios = Throughput.RatiosOf(backend, width, inFlight),
        };
}
