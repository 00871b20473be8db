namespace Perdure.Simulation;

/// <summary>Says what there is.</summary>
internal static class HelpCommand
{
    public static int Run()
    {
        Console.WriteLine("""
            The real engine on one thread, in virtual time, from a seed.

              swarm  [--seed 1] [--seeds 2000]     random storms of faults, one for each seed
              sweep  [--scenario NAME]             each scenario, struck at each of its store calls
              zoo    [--bug NAME]                  plants each bug and hunts for it
              replay --seed N [--lines 400]        tells what happened in a seed
                     [--about TEXT] [--bug NAME]   … only lines about a run or process; with a bug planted
              replay --scenario NAME               tells a scenario
                     [--point TARGET/CALL/MOMENT/BLOW]   … struck at a point, for example n1/4/Unanswered/Crash
              rules                                which promise is checked where
            """);
        return 2;
    }
}
