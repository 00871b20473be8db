namespace Perdure.Bench.Measuring;

/// <summary>
/// Runs every case once a round, round after round, so that what drifts on the machine hits all alike. A round before them warms
/// every case up: what is measured first in a process is up to three times too slow.
/// </summary>
internal static class Rounds
{
    /// <summary>No case takes so long; what does hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <param name="cases">What to measure.</param>
    /// <param name="rounds">How often, after the warm-up.</param>
    /// <param name="calm">How long to wait at most before each case for other processes to become quiet.</param>
    /// <param name="quiet">Whether progress is kept from the standard error.</param>
    public static async Task<Results> RunAsync(IReadOnlyList<Case> cases, int rounds, TimeSpan calm, bool quiet)
    {
        var results = new Results(cases);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var one in cases)
            {
                if (round == 0 && one.IsOutside) continue;
                if (!quiet) Console.Error.WriteLine(round == 0 ? $"warm-up: {one.Name}" : $"round {round} of {rounds}: {one.Name}");
                if (round > 0) await Neighbours.CalmAsync(calm);
                var neighbours = Neighbours.Begin();
                var figures = await one.Run().WaitAsync(Patience);
                if (Neighbours.IsKnown) figures["othersCpuPercent"] = neighbours.Percent();
                if (round > 0) results.Add(one, figures);
            }
        }
        return results;
    }
}
