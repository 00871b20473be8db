using System.Text.Json;
using Perdure.Authoring;
using Perdure.Schedules;

namespace Perdure.Client;

/// <summary>Schedules by way of the runs that keep them: commands are signals, and what a schedule shows is that run's published state.</summary>
internal sealed class ScheduleClient(IPerdureClient client, WorkflowRegistry workflows, PayloadCodec codec) : IScheduleClient
{
    private static readonly RunStatus[] Live = [RunStatus.Pending, RunStatus.Running, RunStatus.Suspended, RunStatus.Paused, RunStatus.Blocked];

    public Task CreateAsync<TIn>(
        string name, ScheduleTimes times, WorkflowDefinition<TIn> workflow, TIn input, ScheduleOptions? options, CancellationToken cancellationToken) =>
        CreateAsync(ScheduleRequest.For(name, times, workflow, input, options, workflows, codec), cancellationToken);

    public Task CreateAsync(string name, ScheduleTimes times, string workflow, object? input, ScheduleOptions? options, CancellationToken cancellationToken) =>
        CreateAsync(ScheduleRequest.ByName(name, times, workflow, input, options, workflows, codec), cancellationToken);

    public Task UpdateAsync<TIn>(
        string name, ScheduleTimes times, WorkflowDefinition<TIn> workflow, TIn input, ScheduleOptions? options, CancellationToken cancellationToken) =>
        DefineAsync(ScheduleRequest.For(name, times, workflow, input, options, workflows, codec), cancellationToken);

    public Task UpdateAsync(string name, ScheduleTimes times, string workflow, object? input, ScheduleOptions? options, CancellationToken cancellationToken) =>
        DefineAsync(ScheduleRequest.ByName(name, times, workflow, input, options, workflows, codec), cancellationToken);

    public async Task<ScheduleInfo?> GetAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) is { } run ? Show(run) : null;

    public async Task<IReadOnlyList<ScheduleInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var found = new List<ScheduleInfo>();
        RunList? page = null;
        do
        {
            page = await client.ListAsync(
                new RunFilter { Workflow = ScheduleWorkflow.Name, Statuses = Live, Limit = PerdureDefaults.MaxListLimit, After = page?.Next }, cancellationToken);
            foreach (var run in page.Runs)
                if (Show(await client.GetAsync(run.Id, cancellationToken: cancellationToken)) is { } schedule) found.Add(schedule);
        }
        while (page.Next is not null);
        return [.. found.OrderBy(static schedule => schedule.Name, StringComparer.Ordinal)];
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var run = await FindAsync(name, cancellationToken) ?? throw new ScheduleNotFoundException(name);
        await client.CancelAsync(run.Id, "the schedule was deleted", cancellationToken: cancellationToken);
    }

    public Task PauseAsync(string name, string? reason, CancellationToken cancellationToken) =>
        SendAsync(name, new ScheduleCommand { Verb = ScheduleVerb.Pause, Reason = reason }, cancellationToken);

    public Task ResumeAsync(string name, CancellationToken cancellationToken) => SendAsync(name, new ScheduleCommand { Verb = ScheduleVerb.Resume }, cancellationToken);

    public Task TriggerAsync(string name, object? input, CancellationToken cancellationToken) =>
        SendAsync(name, new ScheduleCommand { Verb = ScheduleVerb.Trigger, Input = input is null ? null : ScheduleRequest.Write(input, codec) }, cancellationToken);

    public async Task BackfillAsync(string name, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        if (to <= from) throw new InvalidOptionException("to", "The span of a backfill ends before it begins.");
        var schedule = await GetAsync(name, cancellationToken) ?? throw new ScheduleNotFoundException(name);
        var slots = new Slots(schedule.Times, schedule.Options);
        var (count, cursor) = (0, from.AddTicks(-1));
        while (slots.NextAfter(cursor) is { } slot && slot < to)
        {
            cursor = slot;
            if (++count > PerdureDefaults.BackfillLimit)
                throw new InvalidOptionException("to", $"The span of a backfill holds {PerdureDefaults.BackfillLimit} times at most. Do it in parts, each when the one before is done.");
        }
        await client.SignalAsync(schedule.RunId, ScheduleWorkflow.Commands, ScheduleJson.Write(new ScheduleCommand { Verb = ScheduleVerb.Backfill, From = from, To = to }), null, cancellationToken);
    }

    public async Task<IReadOnlyList<DateTimeOffset>> NextTimesAsync(string name, int count, CancellationToken cancellationToken)
    {
        var schedule = await GetAsync(name, cancellationToken) ?? throw new ScheduleNotFoundException(name);
        return schedule.NextAt is { } next ? schedule.Times.Next(count, next.AddTicks(-1), schedule.Options) : [];
    }

    /// <summary>Brings a schedule that a program registers up to date; whoever registers the same again does nothing.</summary>
    public async Task RegisterAsync(ScheduleDefinition definition, CancellationToken cancellationToken)
    {
        var run = await FindAsync(definition.Name, cancellationToken);
        if (run is not null && View(run)?.Definition is { } known
            && JsonElement.DeepEquals(ScheduleJson.Write(Define(known)), ScheduleJson.Write(Define(definition)))) return;
        await DefineAsync(definition, cancellationToken);
    }

    private async Task CreateAsync(ScheduleDefinition definition, CancellationToken cancellationToken)
    {
        var run = await StartAsync(definition.Name, cancellationToken);
        // One that has shown nothing yet may be ours, from a try whose answer was lost, and does not know its times.
        if (!run.WasCreated && View(await run.GetAsync(cancellationToken: cancellationToken)) is not null) throw new AlreadyExistsException(definition.Name, run.Id);
        await run.SignalAsync(ScheduleWorkflow.Commands, ScheduleJson.Write(Define(definition)), null, cancellationToken);
    }

    private async Task DefineAsync(ScheduleDefinition definition, CancellationToken cancellationToken)
    {
        var run = await StartAsync(definition.Name, cancellationToken);
        await run.SignalAsync(ScheduleWorkflow.Commands, ScheduleJson.Write(Define(definition)), null, cancellationToken);
    }

    /// <summary>The run that keeps a schedule; a new one if there is none, or the last was deleted.</summary>
    private async Task<RunHandle> StartAsync(string name, CancellationToken cancellationToken) =>
        await client.StartAsync(ScheduleWorkflow.Definition, JsonSerializer.SerializeToElement(name, EngineJson.Stored.String), new StartOptions
        {
            Key = ScheduleWorkflow.KeyOf(name), OnConflict = ConflictPolicy.RestartIfFailed, Tags = new Dictionary<string, string> { ["schedule"] = name },
            Transient = false,
        }, cancellationToken);

    private async Task SendAsync(string name, ScheduleCommand command, CancellationToken cancellationToken)
    {
        var run = await FindAsync(name, cancellationToken) ?? throw new ScheduleNotFoundException(name);
        await client.SignalAsync(run.Id, ScheduleWorkflow.Commands, ScheduleJson.Write(command), null, cancellationToken);
    }

    private async Task<RunInfo?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ScheduleRequest.CheckName(name);
        try
        {
            var run = await client.GetByKeyAsync(ScheduleWorkflow.KeyOf(name), cancellationToken: cancellationToken);
            return run.Status.IsTerminal() ? null : run;
        }
        catch (RunNotFoundException)
        {
            return null;
        }
    }

    private static ScheduleCommand Define(ScheduleDefinition definition) => new() { Verb = ScheduleVerb.Define, Definition = definition };

    /// <summary>What a schedule shows; before the first turn of a run that goes on, what it was given.</summary>
    private static ScheduleState? View(RunInfo run) => run.Published.TryGetValue(ScheduleWorkflow.View.Name, out var json) ? ScheduleJson.ReadState(json)
        : run.Input.ValueKind == JsonValueKind.Object ? ScheduleJson.ReadState(run.Input) : null;

    private static ScheduleInfo? Show(RunInfo run) => View(run) is not { Definition: { } definition } state ? null : new ScheduleInfo
    {
        Name = definition.Name, Times = definition.Times, Workflow = definition.Workflow, Version = definition.Version, Input = definition.Input, Options = definition.Options,
        IsPaused = state.IsPaused, PauseReason = state.PauseReason, NextAt = state.NextAt, LastAt = state.LastAt, LastRunId = state.LastRunId, LastError = state.LastError,
        Started = state.Started, Succeeded = state.Succeeded, Failed = state.Failed, Skipped = state.Skipped, StartErrors = state.StartErrors,
        Buffered = state.Pending.Count, BufferedInAll = state.BufferedInAll, Live = state.Live, Recent = state.Recent, RunId = run.Id,
    };
}
