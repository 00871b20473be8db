using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <content>Steps that are undone when a later one fails.</content>
internal sealed partial class Interpreter
{
    private const string UndoSuffix = ".undo";

    private async Task<string> SagaAsync(Operation saga, string h, Flow flow)
    {
        var s = flow.Place.Qualify(saga.Id!);
        var steps = saga.S!;
        var done = new Stack<Operation>();
        var failed = false;
        for (var i = 0; !failed && !IsCancelled(flow) && i <= steps.Count; i++)
        {
            if (i == saga.FailAt) failed = true;
            else if (i < steps.Count)
            {
                try
                {
                    h = await ShieldedStepAsync(steps[i], steps[i].Id!, h, flow);
                    done.Push(steps[i]);
                }
                catch (OperationFailedException)
                {
                    failed = true;
                }
            }
        }
        if (!failed && !IsCancelled(flow)) return Witness.Of(h, s, "saga", "ok");
        while (done.TryPop(out var step)) h = await UndoAsync(step, h, flow);
        ThrowIfCancelled(flow);
        return Witness.Of(h, s, "saga", "undone");
    }

    private async Task<string> UndoAsync(Operation step, string h, Flow flow)
    {
        try
        {
            return await ShieldedStepAsync(step.Undo!, step.Id + UndoSuffix, h, flow, isUndo: true);
        }
        catch (OperationFailedException e)
        {
            throw new WorkflowFailureException(TortureWorkflowCodes.CompensationFailed, inner: e);
        }
    }

    private Task<string> ShieldedStepAsync(Operation step, string id, string h, Flow flow, bool isUndo = false) =>
        ctx.ShieldAsync(() => StepAsync(step, id, h, flow with { IsShielded = true }, isUndo));
}
