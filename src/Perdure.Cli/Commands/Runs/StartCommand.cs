using System.CommandLine;
using System.Text.Json;
using Perdure.Cli.Hosting;
using Perdure.Cli.Input;
using Perdure.Cli.Output;

namespace Perdure.Cli.Commands.Runs;

/// <summary><c>perdure start order --input '{"total":20}' --wait</c></summary>
internal sealed class StartCommand : ClientCommand
{
    private readonly Argument<string> _workflow = new("workflow") { Description = "The workflow's name." };
    private readonly Option<string?> _input = new("--input", "-i") { Description = "JSON, @file, or - for standard input; default: null.", HelpName = "json" };
    private readonly Option<int?> _version = new("--workflow-version") { Description = "The workflow's version; default: the latest of the assembly, or 1.", HelpName = "n" };
    private readonly Option<string?> _assembly = KnownCode.NewOption("Where the workflow must be, and its options and the type of its input are");
    private readonly Option<string?> _id = new("--id") { Description = "The run's id; ids are never used twice." };
    private readonly Option<string?> _key = new("--key") { Description = "Makes the start idempotent: a second one with this key finds the first." };
    private readonly Option<string?> _keyTtl = new("--key-ttl") { Description = "How long the key belongs to this run (30d), from the start on; default: as long as the run exists, and 7 days.", HelpName = "duration" };
    private readonly Option<string?> _at = new("--at") { Description = "Not before this instant (2026-05-01T10:00Z), or not before so much time has passed (1h30m).", HelpName = "when" };
    private readonly Option<string?> _queue = new("--queue") { Description = "The queue; default: default.", HelpName = "name" };
    private readonly Option<int?> _priority = new("--priority") { Description = "-1000 to 1000, higher first; default: 0.", HelpName = "n" };
    private readonly Option<string?> _concurrencyKey = new("--concurrency-key") { Description = "What the run counts under where its queue has a limit for each key." };
    private readonly Option<string?> _startWithin = new("--start-within") { Description = "How long it may wait for a worker (10m); then it ends without having run. Default: for ever.", HelpName = "duration" };
    private readonly Option<string?> _build = new("--build") { Description = "The build that the run is pinned to: only its workers drive it.", HelpName = "name" };
    private readonly Option<string[]> _tags = new("--tag") { Description = "name=value; may be given several times.", HelpName = "tag" };
    private readonly Option<bool> _wait = new("--wait", "-w") { Description = "Wait for the end, and write the result." };
    private readonly Option<string?> _timeout = new("--timeout") { Description = "How long to wait (30s); default: for as long as it takes. Includes --wait.", HelpName = "duration" };

    public StartCommand(string name) : base(name, "Starts a run and writes its id.")
    {
        Add(_workflow);
        foreach (Option option in new Option[] { _input, _version, _assembly, _id, _key, _keyTtl, _at, _queue, _priority, _concurrencyKey, _startWithin, _build, _tags, _wait, _timeout }) Add(option);
    }

    protected override bool CreatesStore => true;

    protected override WorkflowAssembly? CodeIn(ParseResult given) => KnownCode.PathIn(given, _assembly) is { } path ? WorkflowAssembly.Load(path) : null;

    protected override async Task<int> RunAsync(ParseResult given, IPerdureClient client, Screen screen, CancellationToken stop)
    {
        var timeout = Moments.Duration(given.GetValue(_timeout), "--timeout");
        var input = await JsonInput.ReadAsync(given.GetValue(_input), "--input", stop) ?? NoInput;
        var (workflow, version) = (given.GetRequiredValue(_workflow), given.GetValue(_version));
        // Whether there is such a workflow only its assembly can tell: a run may be started long before the first worker that has its code.
        var run = version is null && KnownCode.PathIn(given, _assembly) is not null
            ? await client.StartAsync(workflow, input, OptionsIn(given), stop)
            : await client.StartAsync(new WorkflowDefinition<JsonElement>(workflow, version ?? 1), input, OptionsIn(given), stop);

        if ((!given.GetValue(_wait) && timeout is null) || run.IsPurged) return Started(screen, run);
        return await EndAsync(screen, run, timeout, stop);
    }

    private static readonly JsonElement NoInput = JsonElement.Parse("null");

    private StartOptions OptionsIn(ParseResult given) => new()
    {
        Id = given.GetValue(_id), Key = given.GetValue(_key), KeyTtl = Moments.Duration(given.GetValue(_keyTtl), "--key-ttl"), ScheduledAt = Moments.Read(given.GetValue(_at), "--at", direction: 1),
        Queue = given.GetValue(_queue), Priority = given.GetValue(_priority),
        ConcurrencyKey = given.GetValue(_concurrencyKey), StartWithin = Moments.Duration(given.GetValue(_startWithin), "--start-within"), Build = given.GetValue(_build), Tags = Tags.Read(given.GetValue(_tags)),
    };

    private static int Started(Screen screen, RunHandle run)
    {
        if (!screen.IsText)
        {
            screen.Json(new StartAnswer(run.Id, run.WasCreated, run.IsPurged), CliJson.Readable.StartAnswer);
            return ExitCode.Done;
        }
        if (run.IsPurged) Screen.Say("That key belongs to a run that was deleted: nothing was started.");
        else if (!run.WasCreated) Screen.Say("There is such a run already: nothing was started.");
        Screen.Line(run.Id);
        return ExitCode.Done;
    }

    private static async Task<int> EndAsync(Screen screen, RunHandle run, TimeSpan? timeout, CancellationToken stop)
    {
        if (screen.IsText) Screen.Say(run.Id);
        try
        {
            await run.WaitAsync(timeout, throwIfBlocked: true, stop);
        }
        catch (RunOutcomeException error)
        {
            // The answer of a script has the error in it; people are told by the complaint.
            if (screen.IsText) throw;
            Screen.Complain($"{error.Code}: {error.Message}");
        }
        catch (TimeoutException) when (!screen.IsText)
        {
            screen.Json(new StartAnswer(run.Id, run.WasCreated, run.IsPurged, await run.StatusAsync(stop)), CliJson.Readable.StartAnswer);
            throw;
        }
        var end = await run.GetAsync(cancellationToken: stop);
        if (screen.IsText) screen.Json(end.Result ?? NoInput);
        else screen.Json(new StartAnswer(run.Id, run.WasCreated, run.IsPurged, end.Status, end.Result, end.Error), CliJson.Readable.StartAnswer);
        return end.Status == RunStatus.Completed ? ExitCode.Done : ExitCode.RunFailed;
    }
}
