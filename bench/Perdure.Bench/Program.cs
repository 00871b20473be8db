using System.Globalization;
using Perdure.Bench.Command;
using Perdure.Bench.Processes;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    var arguments = new Arguments(args, defaultVerb: "bench");
    switch (arguments.Verb)
    {
        case ChildPrograms.Nothing:
            return ChildPrograms.SayFirst();
        case ChildPrograms.FirstRun:
            return await ChildPrograms.RunFirstAsync(arguments);
        case ChildPrograms.InFlight:
            return await ChildPrograms.StartRunsAsync(arguments);
        case ChildPrograms.Recover:
            return await ChildPrograms.RecoverAsync(arguments);
        case ChildPrograms.Work:
            return await ChildPrograms.WorkAsync(arguments);
        case ChildPrograms.Inherit:
            return await ChildPrograms.InheritAsync(arguments);
        case "bench":
            return await QuickBench.RunAsync(arguments, Console.Out);
        case "help":
            Console.WriteLine(Usage.Text);
            return 0;
        default:
            return await Modes.RunAsync(arguments, Console.Out) ?? throw new UsageException($"There is no mode '{arguments.Verb}'.");
    }
}
catch (UsageException e)
{
    Console.Error.WriteLine(e.Message);
    Console.Error.WriteLine("Ask for 'help' to see what there is.");
    return 2;
}
