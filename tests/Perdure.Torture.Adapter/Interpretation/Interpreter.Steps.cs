using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <content>Bodies: in the process of the run, or by way of a queue on any worker.</content>
internal sealed partial class Interpreter
{
    /// <summary>Of a run that a schedule has started, until its first step is asked for.</summary>
    private CronStart? _cron = program.Next is null ? CronStart.Of(ctx.RunId) : null;

    private async Task<string> StepAsync(Operation step, string id, string h, Flow flow, bool isUndo = false, string? got = null)
    {
        var call = new StepCall(_run, step, flow.Place.Qualify(id), h, _activation, isUndo, got, _cron);
        _cron = null;
        // What goes through a queue is recorded with its input, which must be the same in every replay: it says which entry of the code asked first.
        if (step.IsQueued) call = call with { Activation = await ctx.SideEffectAsync("asks", () => _activation) };
        var asked = step.IsQueued ? QueueAsync(call) : RunHereAsync(call);
        Wait(asked, flow);
        StepValue value;
        try
        {
            value = await asked;
        }
        catch (OperationFailedException)
        {
            // A step that was under way when the run was cancelled is given up, however it ended.
            ThrowIfCancelled(flow);
            throw;
        }
        ThrowIfCancelled(flow);
        return Witness.Of(h, call.S, "ok", value.X);
    }

    /// <summary>The step behind a sleep or a wait, whose input shows what was seen.</summary>
    private Task<string> ProbeAsync(Operation of, string h, Flow flow, string? got)
    {
        flow.Branch?.ThrowIfAbandoned();
        return StepAsync(new Operation(), of.Id + ProbeSuffix, h, flow, isUndo: false, got);
    }

    private Task<StepValue> RunHereAsync(StepCall call)
    {
        (string S, string Value)[] certain = [.. _uncertain];
        _uncertain.Clear();
        return ctx.StepAsync(call.S, (StepInfo attempt, CancellationToken ct) =>
        {
            foreach (var (s, value) in Interlocked.Exchange(ref certain, [])) bodies.Obtained(_run, s, value, _activation);
            return bodies.RunAsync(call, attempt, ct);
        }, new StepOptions { Retry = RetryOf(call.Step), Timeout = LimitOf(call.Step) });
    }

    private Task<StepValue> QueueAsync(StepCall call) => ctx.ActivityAsync(
        TortureWorkflow.Body, call, new ActivityOptions { Queue = StepQueues.Of(call.Step.Q), Retry = RetryOf(call.Step), StartToClose = LimitOf(call.Step) });

    private static RetryPolicy RetryOf(Operation step)
    {
        var retry = step.Retry ?? RetryRule.Default;
        return RetryPolicy.Constant(TimeSpan.FromMilliseconds(retry.MinMs)) with { MaxAttempts = retry.Max };
    }

    private static TimeSpan? LimitOf(Operation step) => step.Timeout is { } limit ? TimeSpan.FromMilliseconds(limit) : null;
}
