using System.CommandLine;
using System.Globalization;
using Perdure.Cli.Databases;
using Perdure.Cli.Hosting;
using Perdure.Cli.Input;

namespace Perdure.Cli.Commands.Workers;

/// <summary><c>perdure worker --assembly app.dll --procs 4</c></summary>
internal sealed class WorkerCommand : CliCommand
{
    private readonly Option<string?> _assembly = KnownCode.NewOption("The assembly with the workflows");
    private readonly Option<int?> _batch = new("--batch") { Description = "Runs taken at a time; default: 50.", HelpName = "n" };
    private readonly Option<double?> _tick = new("--tick") { Description = "Seconds between two looks at the store without a hint; default: 1.0.", HelpName = "seconds" };
    private readonly Option<int> _processes = new("--procs") { Description = "Processes; one that dies is started anew. Default: 1, this one.", HelpName = "n", DefaultValueFactory = static _ => 1 };
    private readonly Option<string?> _recycle = new("--recycle") { Description = "Replace each process when it has served for so long (6h), without an interruption; default: never.", HelpName = "duration" };
    private readonly Option<string[]> _queues = new("--queue") { Description = "A queue to serve, name or name=activities at a time; may be given several times. Default: default=10.", HelpName = "queue" };
    private readonly Option<int?> _iterations = new("--iterations") { Description = "So many looks at the store, a tick apart, each until nothing is due any more; then it ends. Default: for ever.", HelpName = "n" };
    private readonly Option<bool> _supervised = new("--supervised") { Hidden = true };

    public WorkerCommand(string name) : base(name, "Runs the workflows and activities of an assembly until it is stopped.")
    {
        foreach (Option option in new Option[] { _assembly, _batch, _tick, _processes, _recycle, _queues, _iterations, _supervised }) Add(option);
    }

    protected override async Task<int> RunAsync(ParseResult given, CancellationToken stop)
    {
        var database = Database.Of(given);
        var order = OrderIn(given);
        var processes = given.GetValue(_processes);
        if (processes is < 1 or > MostProcesses) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--procs is 1 to {MostProcesses}, not {processes}."));
        var iterations = given.GetValue(_iterations);
        if (iterations is < 1) throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--iterations is 1 or more, not {iterations}."));
        var recycle = Moments.Duration(given.GetValue(_recycle), "--recycle");
        if (recycle < TimeSpan.FromSeconds(1) || recycle > PerdureDefaults.MaxSleep) throw new UsageException($"--recycle is 1 second to 10 years, not {Durations.Format(recycle.Value)}.");
        if (iterations is not null && (processes > 1 || recycle is not null)) throw new UsageException("--iterations is for one process: a supervisor would start another for each that ends.");
        if (processes > 1 || recycle is not null)
        {
            // What cannot be loaded is told once, and not by every process.
            WorkflowAssembly.Load(order.Assembly);
            return await new Supervisor(order, database, given.GetValue(GlobalOptions.Schema), recycle).RunAsync(processes, stop);
        }
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (given.GetValue(_supervised)) ParentWatch.Begin(end);
        return iterations is { } looks ? await PumpProcess.RunAsync(order, database, looks, end.Token) : await WorkerProcess.RunAsync(order, database, end.Token);
    }

    private const int MostProcesses = 256;

    private WorkerOrder OrderIn(ParseResult given)
    {
        var assembly = KnownCode.PathIn(given, _assembly);
        if (string.IsNullOrWhiteSpace(assembly)) throw new UsageException("Whose workflows? Give --assembly app.dll, or set PERDURE_ASSEMBLY.");
        return new WorkerOrder(assembly, given.GetValue(_batch), given.GetValue(_tick) is { } tick ? Seconds(tick) : null, QueuesIn(given));
    }

    private static TimeSpan Seconds(double tick) =>
        tick is > 0 and < 86_400 ? TimeSpan.FromSeconds(tick) : throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--tick is more than 0 seconds, and less than a day, not {tick}."));

    private Dictionary<string, int> QueuesIn(ParseResult given)
    {
        var queues = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var queue in given.GetValue(_queues) ?? [])
        {
            var split = queue.LastIndexOf('=');
            var (name, count) = split < 0 ? (queue, PerdureDefaults.QueueConcurrency) : (queue[..split], Whole(queue, split));
            queues[name] = count;
        }
        return queues;
    }

    private static int Whole(string queue, int split) => int.TryParse(queue.AsSpan(split + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
        ? count
        : throw new UsageException($"--queue is name or name=number, not '{queue}'.");
}
