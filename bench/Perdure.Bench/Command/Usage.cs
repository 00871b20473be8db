namespace Perdure.Bench.Command;

/// <summary>What the program can be asked for.</summary>
internal static class Usage
{
    public const string Text = """
        bench [--tasks N] [--concurrency N] [--payload-size BYTES] [--backend memory|sqlite|all] [--steps N] [--rounds [N]] [--json]
                  workflows a backend, one row each

        all       [--total N] [--count N]      everything, beside the bars
        tput      [--steps N] [--inflight N] [--total N] [--store memory|sqlite|null] [--payload BYTES]
        idle      [--store memory|sqlite]      latency of one run on an engine that has nothing else to do
        sleep     [--count N]                  runs that sleep until the same instant: memory, lateness
        startup                                process start to the first completed workflow
        recover   [--runs N] [--steps N]       SIGKILL with runs in flight, until another process has finished them
        replay                                 histories of 1,000 events
        limit     [--commits N] [--inflight N] [--total N]
                                               what SQLite itself can do, and a prototype of group commit on it

        All take --rounds N (default 5; the round before them warms up), --dir DIRECTORY (on the disk to be measured; default: the temporary directory) and
        --calm SECONDS (wait so long at most before each case until other processes are quiet; what they take all the same is printed as othersCpuPercent).
        Quote medians and ratios of one run, never a number of one round; build with -c Release.
        """;
}
