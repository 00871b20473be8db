using Perdure.Authoring;
using Perdure.Formats;
using Perdure.Storage;

namespace Perdure.Client;

/// <content>What a run's row and history say together.</content>
internal sealed partial class PerdureClient
{
    public Task<RunExplanation> ExplainAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return ExplainCoreAsync(runId, cancellationToken);
    }

    public Task<RunMoment> GetAtAsync(string runId, int sequence, CancellationToken cancellationToken)
    {
        using var home = Home();
        return GetAtCoreAsync(runId, sequence, cancellationToken);
    }

    public Task<WorkflowGraph> GetGraphAsync(string runId, CancellationToken cancellationToken)
    {
        using var home = Home();
        return GetGraphCoreAsync(runId, cancellationToken);
    }

    private async Task<RunExplanation> ExplainCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var queue = await Queues.GetAsync(row.Queue, cancellationToken);
        return RunExplainer.Explain(row, RunReader.Show(row, _parts.Codec), queue, await EventsAsync(row, cancellationToken), _parts.Clock.GetUtcNow());
    }

    private async Task<RunMoment> GetAtCoreAsync(string runId, int sequence, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        var history = await EventsAsync(row, cancellationToken);
        if (sequence < 0 || sequence >= history.Length)
            throw new InvalidOptionException(nameof(sequence), $"The run '{runId}' has {history.Length} events, numbered from 0; there is no event {sequence}.");
        return MomentReader.Read(history, sequence, DataValues.Read(RunSettings.Read(row.Options).Continued?.Data), _parts.Codec);
    }

    private async Task<WorkflowGraph> GetGraphCoreAsync(string runId, CancellationToken cancellationToken)
    {
        var row = await RowAsync(new RunSelector(Id: runId), runId, cancellationToken);
        return GraphReader.Read(RunReader.Show(row, _parts.Codec), await EventsAsync(row, cancellationToken), _parts.Workflows.Find(row.Workflow, row.Version)?.Graph);
    }
}
