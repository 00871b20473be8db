using Microsoft.Extensions.Logging.Abstractions;
using Perdure.Authoring;
using Perdure.Client;
using Perdure.Formats;
using Perdure.Runtime;
using Perdure.Storage;
using Perdure.Worker;

namespace Perdure.Hosting;

/// <summary>
/// Replays what is stored with a machine of its own, which is forgotten afterwards: nothing is written, no body runs, and the run's owner knows nothing of it. Thread safe.
/// </summary>
/// <param name="workflows">The code that this process has.</param>
/// <param name="kit">What machines of this process share.</param>
/// <param name="hooks">Tokens of hooks, which the code sees.</param>
internal sealed class CodeReplay(WorkflowRegistry workflows, RuntimeKit kit, Func<CancellationToken, Task<HookTokens>> hooks) : ICodeReplay
{
    public async Task<ReadOnlyMemory<byte>> AnswerAsync(RunRecord row, EventRecord[] history, QueryCall call, CancellationToken cancellationToken)
    {
        if (workflows.Find(row.Workflow, row.Version, row.Build) is not { } workflow)
            throw new UnknownWorkflowException(row.Workflow, "a query runs its code. " + (workflows.Build.Drives(row.Build)
                ? $"Register version {row.Version} of it in this process, or ask from one that has it."
                : $"The run is pinned to the build \"{SafeText.Shorten(row.Build!, 100)}\": ask from a process of that build."));
        var machine = await PrepareAsync(row, history, workflow, progress: null, cancellationToken);
        try
        {
            Load(machine, row);
        }
        catch (BlockException e)
        {
            throw new QueryFailedException(row.Id, call.Query, e.Message, e);
        }
        return machine.Ask(call.Query, call.Argument);
    }

    public async Task<ReplayEnd?> ReplayAsync(RunRecord row, EventRecord[] history, GraphProgress? progress, CancellationToken cancellationToken)
    {
        if (workflows.Find(row.Workflow, row.Version) is not { } workflow) return null;
        var machine = await PrepareAsync(row, history, workflow, progress, cancellationToken);
        try
        {
            Load(machine, row);
            return new ReplayEnd { HasEnded = machine.CodeHasEnded, Warning = machine.LeftOver, Open = machine.Outstanding() };
        }
        catch (BlockException e)
        {
            return new ReplayEnd { Reason = e.Reason.ToString(), Detail = e.Message, Parting = e.Parting, Warning = machine.LeftOver, Open = machine.Outstanding() };
        }
    }

    private async Task<RunMachine> PrepareAsync(RunRecord row, EventRecord[] history, WorkflowDescriptor workflow, GraphProgress? progress, CancellationToken cancellationToken)
    {
        var asked = kit with
        {
            Queries = new QueryHandlers(), Progress = progress, Logger = NullLogger.Instance, HistoryLimit = int.MaxValue,
            Hooks = Array.Exists(history, static e => e.Kind == EventKind.HookCreated) ? await hooks(cancellationToken) : kit.Hooks,
        };
        var events = LastEntered(history);
        var machine = new RunMachine(RunSeed.Of(row, events, workflow, isNew: false), row.Input, workflow, asked);
        machine.Attach(events, checksum: 0, row.UpdatedAt);
        return machine;
    }

    private static void Load(RunMachine machine, RunRecord row)
    {
        if (!ReplayRules.Knows(row.EngineSemantics))
            throw new BlockException(RunBlockedReason.EngineSemantics, $"The run was started under replay rules {row.EngineSemantics}; this build has 1 to {ReplayRules.Current}.");
        machine.LoadToAsk();
    }

    /// <summary>The history up to where the code was last in it.</summary>
    private static EventRecord[] LastEntered(EventRecord[] history)
    {
        var count = EndOfAttempts(history);
        while (count > 1 && IsBehindCode(history[count - 1])) count--;
        return history[..count];
    }

    /// <summary>
    /// Where the last attempt that has begun ends. What came while the next one waits for its instant, an answer to a question of the one before or the end of a child, is for that next one, whose code
    /// nobody has entered.
    /// </summary>
    private static int EndOfAttempts(EventRecord[] history)
    {
        var count = history.Length;
        for (var i = history.Length - 1; i > 0 && history[i].Kind != EventKind.WorkflowStarted; i--)
            if (history[i].Kind is EventKind.WorkflowRetryScheduled or EventKind.RunReset) count = i;
        return count;
    }

    /// <summary>
    /// Whether an event at the end of a history tells the code nothing: the run ended, stands still, or got a signal that nobody has taken, perhaps because it was
    /// terminated before its code was entered.
    /// </summary>
    private static bool IsBehindCode(in EventRecord e) => EventKinds.IsEnd(e.Kind)
        || e.Kind is EventKind.RunPaused or EventKind.RunResumed
        || e.Operation == EventRecord.NoOperation && e.Kind is (EventKind.SignalReceived or EventKind.HookReceived or EventKind.InputProvided);
}
