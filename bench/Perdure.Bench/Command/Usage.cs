namespace Perdure.Bench.Command;

/// <summary>What the program can be asked for.</summary>
internal static class Usage
{
    public const string Text = """
        bench [--tasks N] [--concurrency N] [--payload-size BYTES] [--backend memory|sqlite|file|postgres|all] [--steps N] [--json]
                  workflows a backend, one row each

        all       [--store sqlite|postgres] [--total N] [--count N]
                                               everything, beside the bars
        tput      [--steps N] [--inflight N] [--total N] [--store memory|sqlite|file|postgres|null] [--payload BYTES]
        idle      [--store memory|sqlite|file|postgres]
                                               latency of one run on an engine that has nothing else to do
        sleep     [--store sqlite|postgres] [--count N] [--beside N]
                                               runs that sleep until the same instant: memory, lateness; alone, and beside many that sleep on
        startup   [--store sqlite|postgres]    process start to the first completed workflow
        queue     [--store sqlite|postgres]    start to first step, in one process and between two
        signal    [--store sqlite|postgres]    signal to result, in one process and between two
        crash     [--store sqlite|postgres] [--runs N] [--steps N]
                                               SIGKILL of one of two workers, until the other has finished its runs
        recover   [--runs N] [--steps N]       SIGKILL with runs in flight, until another process has finished them
        replay                                 histories of 1,000 events
        queue-limits [--store sqlite|postgres] [--backlog N] [--total N]
                                               claims from a long queue beside an empty one, and workflows on a queue with a limit
        builds    [--store sqlite|postgres] [--backlog N]
                                               claims while workers are of two builds and the other's runs lie in front, beside claims of one build
        fanout    [--width N] [--inflight N] [--total N] [--store memory|sqlite|file|postgres|null]
                                               runs that begin many steps side by side, all at once and ten at a time
        child     [--children N] [--inflight N] [--total N] [--store memory|sqlite|file|postgres]
                                               runs that start children and wait for them; one child on an idle engine
        schedule  [--store sqlite|postgres] [--count N] [--waiting N]
                                               schedules that are due every second, alone and beside many that wait (0 for alone), and all at one instant
        churn     [--store sqlite|postgres] [--steps N] [--total N]
                                               runs that come and go while retention deletes those that have ended: sizes of the tables
        limit     [--store sqlite|postgres] [--commits N] [--inflight N] [--total N]
                                               what the database itself can do, and a prototype of group commit on it

        All take
          --rounds N         how often each case is measured (default 5), round after round
          --warmup SECONDS   how long each case is run before anything is measured (default 3, of the small form 1; at least once)
          --calm SECONDS     how long to wait at most, for each case of each round, until other processes are quiet; a case that they disturb
                             is measured again meanwhile (default 0; what they take all the same is printed as othersCpuPercent)
          --dir DIRECTORY    on the disk to be measured (default: the temporary directory)
        PostgreSQL is a private server, started from the installed programs, with fsync on.
        The small form takes all of these but --calm.
        Quote medians and ratios of one run, never a number of one round; build with -c Release.
        """;
}
