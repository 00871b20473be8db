using System.Text.Json;
using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>Asking about runs.</content>
internal sealed partial class PerdureClient
{
    private const int ChildrenShown = 100;

    public Task<RunInfo> GetAsync(string runId, RunInclude include, CancellationToken cancellationToken)
    {
        using var home = Home();
        return GetCoreAsync(new RunSelector(Id: runId), runId, include, cancellationToken);
    }

    public Task<RunInfo> GetByKeyAsync(string key, RunInclude include, CancellationToken cancellationToken)
    {
        Names.ValidateKey(key);
        using var home = Home();
        return GetCoreAsync(new RunSelector(StartKey: key), key, include, cancellationToken);
    }

    public Task<RunList> ListAsync(RunFilter? filter, CancellationToken cancellationToken)
    {
        using var home = Home();
        return ListCoreAsync((filter ?? new RunFilter()).ToQuery(), cancellationToken);
    }

    public Task<IReadOnlyList<RunSummary>> GetChainAsync(string runId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runId);
        using var home = Home();
        return ChainCoreAsync(runId, cancellationToken);
    }

    public Task<IReadOnlyDictionary<RunStatus, int>> CountAsync(RunFilter? filter, CancellationToken cancellationToken)
    {
        using var home = Home();
        return CountCoreAsync((filter ?? new RunFilter()).ToQuery(), cancellationToken);
    }

    public Task<IReadOnlyList<HistoryEvent>> GetHistoryAsync(
        string runId, int from, IReadOnlyCollection<EventKind>? kinds, CancellationToken cancellationToken)
    {
        using var home = Home();
        return HistoryCoreAsync(runId, from, kinds, cancellationToken);
    }

    public Task<JsonElement> QueryAsync(string runId, string query, CancellationToken cancellationToken)
    {
        using var home = Home();
        return QueryCoreAsync<JsonElement>(runId, new QueryCall(query, default), cancellationToken);
    }

    public Task<TResult> QueryAsync<TResult>(string runId, string query, object? argument, CancellationToken cancellationToken)
    {
        var call = new QueryCall(query, argument is null ? default : _parts.Codec.SerializeFor(argument, declared: null, PayloadKind.Input));
        using var home = Home();
        return QueryCoreAsync<TResult>(runId, call, cancellationToken);
    }

    public Task<T?> ReadAsync<T>(string runId, Published<T> state, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        using var home = Home();
        return ReadCoreAsync(runId, state, cancellationToken);
    }

    /// <summary>Where a run stands.</summary>
    public Task<RunStatus> StatusAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return StatusCoreAsync(runId, cancellationToken);
    }

    private async Task<RunInfo> GetCoreAsync(RunSelector selector, string asked, RunInclude include, CancellationToken cancellationToken)
    {
        var row = await RowAsync(selector, asked, cancellationToken);
        var run = RunReader.Show(row, _parts.Codec);
        if (include.HasFlag(RunInclude.Children))
        {
            // Some of what the engine itself runs has children too, so nothing is left out.
            var children = new RunQuery { Parent = run.Id, Limit = ChildrenShown };
            run = run with { Children = (await ListCoreAsync(children, cancellationToken)).Runs, ChildCounts = await CountCoreAsync(children, cancellationToken) };
        }
        if ((include & (RunInclude.Steps | RunInclude.Signals)) == 0) return run;
        var history = await EventsAsync(row, cancellationToken);
        return run with
        {
            Steps = include.HasFlag(RunInclude.Steps) ? StepReader.Read(history) : null,
            Compensations = include.HasFlag(RunInclude.Steps) ? CompensationReader.Read(history) : null,
            PendingSignals = include.HasFlag(RunInclude.Signals) ? SignalReader.Read(history) : null,
            CancelIgnored = history is [.., { Kind: EventKind.WorkflowCompleted, Note: EndNotes.CancelIgnored }],
            DeterminismWarning = history is [.., { Kind: EventKind.WorkflowCompleted, Note: { } note }] && note.StartsWith(EndNotes.Determinism, StringComparison.Ordinal)
                ? note[EndNotes.Determinism.Length..]
                : null,
        };
    }

    private async Task<RunStatus> StatusCoreAsync(string runId, CancellationToken cancellationToken) =>
        (await RowAsync(new RunSelector(Id: runId), runId, cancellationToken)).Status;

    private async Task<RunList> ListCoreAsync(RunQuery query, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var page = await _patience.RepeatAsync(token => _parts.Store.ListRunsAsync(query, token), cancellationToken);
        var runs = new RunSummary[page.Runs.Count];
        for (var i = 0; i < runs.Length; i++) runs[i] = RunReader.Show(page.Runs[i]);
        return new RunList(runs, RunFilter.WriteCursor(page.Next));
    }

    private async Task<IReadOnlyList<RunSummary>> ChainCoreAsync(string runId, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        var chain = await _patience.RepeatAsync(token => _parts.Store.ReadChainAsync(runId, token), cancellationToken);
        if (chain.Count == 0) throw new RunNotFoundException(runId);
        var runs = new RunSummary[chain.Count];
        for (var i = 0; i < runs.Length; i++) runs[i] = RunReader.Show(chain[i]);
        return runs;
    }

    private async Task<IReadOnlyDictionary<RunStatus, int>> CountCoreAsync(RunQuery query, CancellationToken cancellationToken)
    {
        await _parts.ReadyAsync(cancellationToken);
        return await _patience.RepeatAsync(token => _parts.Store.CountRunsAsync(query, token), cancellationToken);
    }

    private async Task<IReadOnlyList<HistoryEvent>> HistoryCoreAsync(
        string runId, int from, IReadOnlyCollection<EventKind>? kinds, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var history = await EventsAsync(row, cancellationToken);
        var shown = new List<HistoryEvent>(history.Length);
        foreach (var e in history)
            if (e.Sequence >= from && (kinds is not { Count: > 0 } || kinds.Contains(e.Kind))) shown.Add(HistoryReader.Show(e));
        return shown;
    }

    private async Task<TResult> QueryCoreAsync<TResult>(string runId, QueryCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call.Query);
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        if (call.Query != "status")
        {
            var answer = await _parts.Code.AnswerAsync(row, await EventsAsync(row, cancellationToken), call, cancellationToken);
            return _parts.Codec.Deserialize<TResult>(answer.Span);
        }
        if (!call.Argument.IsEmpty) throw new InputValidationException("The query 'status' takes no argument.");
        var status = RunReader.ShowStatus(RunReader.Show(row, _parts.Codec));
        return _parts.Codec.Deserialize<TResult>(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(status));
    }

    private async Task<T?> ReadCoreAsync<T>(string runId, Published<T> state, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        return StoredJson.ReadMembers(row.Published).TryGetValue(state.Name, out var value)
            ? _parts.Codec.Deserialize<T>(System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(value))
            : default;
    }

    private async Task<RunRecord> RowAsync(RunSelector selector, string asked, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(asked);
        await _parts.ReadyAsync(cancellationToken);
        return await _patience.RepeatAsync(token => _parts.Store.ReadRunAsync(selector, token), cancellationToken) ?? throw new RunNotFoundException(asked);
    }

    private async Task<EventRecord[]> EventsAsync(RunRecord run, CancellationToken cancellationToken)
    {
        try
        {
            return await EventsAsync(run.Key, cancellationToken);
        }
        catch (CorruptHistoryException e)
        {
            throw new HistoryDamagedException(run.Id, e.Sequence, e);
        }
    }

    private async Task<EventRecord[]> EventsAsync(long run, CancellationToken cancellationToken)
    {
        var batches = await _patience.RepeatAsync(token => _parts.Store.ReadHistoryAsync(run, 0, token), cancellationToken);
        return EventCodec.ReadAll(batches, out _);
    }
}
