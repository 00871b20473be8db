using System.CommandLine;
using System.CommandLine.Help;
using Perdure.Cli.Commands.People;
using Perdure.Cli.Commands.Queues;
using Perdure.Cli.Commands.Runs;
using Perdure.Cli.Commands.Schedules;
using Perdure.Cli.Commands.Stores;
using Perdure.Cli.Commands.Workers;
using Perdure.Cli.Commands.Workflows;

namespace Perdure.Cli.Commands;

/// <summary>Which commands there are. A group is a folder of this one; what acts on runs may be said without its group.</summary>
internal static class CommandTree
{
    public static RootCommand Build()
    {
        var root = Helpful(new RootCommand("Starts, shows and steers durable runs, and hosts workers."));
        foreach (var option in GlobalOptions.All) root.Add(option);
        foreach (var command in OfRuns()) root.Add(command);

        var run = Helpful(new Command("run", "The commands on runs; the word may be left out."));
        run.Aliases.Add("runs");
        foreach (var command in OfRuns()) run.Add(command);
        root.Add(run);

        root.Add(Worker());
        root.Add(Schedules());
        root.Add(Queues());
        root.Add(Workflows());
        root.Add(new WaitingCommand());
        root.Add(Inputs());
        root.Add(Hooks());
        root.Add(Database());
        foreach (var spelling in OtherSpellings())
        {
            spelling.Hidden = true;
            root.Add(spelling);
        }
        return root;
    }

    private static IEnumerable<Command> OfRuns() =>
    [
        new StartCommand("start"), new ListCommand(), new ShowCommand("show"), new ChildrenCommand(), new EventsCommand(), new ResultCommand(), new QueryCommand(), new ExplainCommand(),
        new GraphCommand(), new CheckCommand(), new ReplayCommand(), new SignalCommand("signal"), new AnswerInputCommand("input"),
        new CancelCommand("cancel"), new TerminateCommand(), new RetryCommand(), new PauseCommand(), new ResumeCommand(), new DeleteCommand(),
    ];

    private static WorkerCommand Worker()
    {
        var worker = new WorkerCommand("worker");
        worker.Aliases.Add("workers");
        worker.Add(new WorkerCommand("run"));
        worker.Add(new ListWorkersCommand());
        worker.Add(new PauseWorkerCommand());
        worker.Add(new ResumeWorkerCommand());
        return worker;
    }

    private static Command Schedules()
    {
        var schedules = Helpful(new Command("schedules", "The schedules.")
        {
            new ListSchedulesCommand(), new ShowScheduleCommand(), new NextTimesCommand(), new PauseScheduleCommand(), new ResumeScheduleCommand(), new TriggerCommand(),
            new BackfillCommand(), new DeleteScheduleCommand(),
        });
        schedules.Aliases.Add("schedule");
        return schedules;
    }

    private static Command Queues()
    {
        var queues = Helpful(new Command("queues", "The queues.") { new ListQueuesCommand(), new PauseQueueCommand(), new ResumeQueueCommand(), new LimitQueueCommand(), new PurgeQueueCommand() });
        queues.Aliases.Add("queue");
        return queues;
    }

    /// <summary>Said without a verb, it lists them.</summary>
    private static ListWorkflowsCommand Workflows()
    {
        var workflows = new ListWorkflowsCommand("workflows") { new ListWorkflowsCommand("list") };
        workflows.Aliases.Add("workflow");
        return workflows;
    }

    private static Command Inputs() => Helpful(new Command("inputs", "The questions that runs ask people.") { new ListInputsCommand(), new AnswerInputCommand("answer") });

    private static Command Hooks()
    {
        var hooks = Helpful(new Command("hooks", "The hooks by which somebody outside answers runs.") { new ListHooksCommand(), new ShowHookCommand(), new SendHookCommand() });
        hooks.Aliases.Add("hook");
        return hooks;
    }

    private static Command Database() => Helpful(new Command("db", "The store itself.") { new MigrateCommand(), new BackUpCommand(), new CheckStoreCommand(), new VacuumCommand(), new PurgeCommand() });

    /// <summary>Said without a verb, a group tells which there are.</summary>
    private static T Helpful<T>(T group) where T : Command
    {
        group.SetAction(static given => new HelpAction().Invoke(given));
        return group;
    }

    /// <summary>How other engines' users write it.</summary>
    private static IEnumerable<Command> OtherSpellings() =>
    [
        new StartCommand("start_workflow"), new StartCommand("durable_start"), new WorkerCommand("durable_worker"), new ShowCommand("durable_status"),
        new SignalCommand("durable_signal"), new CancelCommand("durable_cancel"),
    ];
}
