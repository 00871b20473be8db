using System.Globalization;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <content>Children, and going on as new.</content>
internal sealed partial class Interpreter
{
    private async Task<string> ChildAsync(Operation operation, string h, Flow flow)
    {
        var s = flow.Place.Qualify(operation.Id!);
        ctx.Publish(TortureWorkflow.Next, s);
        var child = ctx.StartChild(TortureWorkflow.Definition, operation.Prog!, new ChildOptions
        {
            Key = operation.Key, Tags = new Dictionary<string, string> { [TortureWorkflow.ChildTag] = s },
            // Inside a shield a cancellation is not delivered, so it is not handed on either.
            ParentClosePolicy = flow.IsShielded ? ParentClosePolicy.Abandon : ParentClosePolicy.RequestCancel,
        });
        try
        {
            var result = await child.ResultAsync();
            ThrowIfCancelled(flow);
            return Witness.Of(h, s, "child", result);
        }
        catch (ChildWorkflowException e)
        {
            ThrowIfCancelled(flow);
            return Witness.Of(h, s, e.Outcome == ChildOutcome.Cancelled ? "child-cancelled" : "child-failed", "-");
        }
    }

    private async Task<string> ContinueAsNewAsync(Operation operation, string h, Flow flow)
    {
        if (_generation >= operation.N) return h;
        // A run goes on as new when its bodies have ended, also those that nobody waits for.
        await Task.WhenAny(Task.WhenAll(_abandoned));
        ThrowIfCancelled(flow);
        var next = _generation + 1;
        var first = Witness.Of(h, flow.Place.Qualify(operation.Id!), "can", next.ToString(CultureInfo.InvariantCulture));
        return await ctx.ContinueAsNewAsync<string>(program with { Next = new Generation(next, first, _run) });
    }
}
