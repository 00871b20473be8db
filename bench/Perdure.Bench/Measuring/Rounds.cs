using System.Diagnostics;

namespace Perdure.Bench.Measuring;

/// <summary>
/// Runs every case once a round, round after round, so that what drifts on the machine hits all alike. Before them every case is
/// warmed up: what is measured first in a process is up to three times too slow.
/// </summary>
internal sealed record Rounds
{
    /// <summary>How often each case is measured.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// Each case is run for so long before anything is measured, at least once: the runtime optimises what it has seen running.
    /// </summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>
    /// How long to wait at most for other processes to become quiet, for each case of each round. A case that was disturbed all the same
    /// is measured again while this lasts; what counts is the run beside which the others were quietest, whatever it measured.
    /// </summary>
    public TimeSpan Calm { get; init; }

    /// <summary>Told what is going on.</summary>
    public Action<string>? OnProgress { get; init; }

    public async Task<Results> RunAsync(IReadOnlyList<Case> cases)
    {
        foreach (var one in cases)
        {
            if (one.IsOutside) continue;
            OnProgress?.Invoke($"warm-up: {one.Name}");
            var start = Stopwatch.GetTimestamp();
            do await one.Run().WaitAsync(one.Patience);
            while (Stopwatch.GetElapsedTime(start) < WarmUp);
        }
        var results = new Results(cases);
        for (var round = 1; round <= Count; round++)
        {
            foreach (var one in cases)
            {
                OnProgress?.Invoke($"round {round} of {Count}: {one.Name}");
                results.Add(one, await MeasureAsync(one));
            }
        }
        return results;
    }

    private async Task<Figures> MeasureAsync(Case one)
    {
        var start = Stopwatch.GetTimestamp();
        Figures? quietest = null;
        double least = 0;
        while (true)
        {
            await Neighbours.CalmAsync(Calm - Stopwatch.GetElapsedTime(start));
            var neighbours = Neighbours.Begin();
            var figures = await one.Run().WaitAsync(one.Patience);
            if (!Neighbours.IsKnown) return figures;
            var others = neighbours.Percent();
            figures["othersCpuPercent"] = others;
            if (quietest is null || others < least) (quietest, least) = (figures, others);
            if (Neighbours.IsCalm(least) || Stopwatch.GetElapsedTime(start) >= Calm) return quietest;
        }
    }
}
