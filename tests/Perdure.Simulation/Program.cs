using Perdure.Simulation;

return args switch
{
    ["swarm", .. var rest] => SwarmCommand.Run(Arguments.Read(rest, "seed", "seeds")),
    ["sweep", .. var rest] => SweepCommand.Run(Arguments.Read(rest, "scenario")),
    ["zoo", .. var rest] => ZooCommand.Run(Arguments.Read(rest, "bug")),
    ["replay", .. var rest] => ReplayCommand.Run(Arguments.Read(rest, "seed", "lines", "about", "scenario", "point", "bug")),
    ["rules"] => RulesCommand.Run(),
    _ => HelpCommand.Run(),
};
