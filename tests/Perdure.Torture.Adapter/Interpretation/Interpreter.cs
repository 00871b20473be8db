using System.Globalization;
using Perdure.Torture.Adapter.Bodies;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Adapter.Interpretation;

/// <summary>
/// Runs a program in a workflow, and folds everything that it waits for into a witness. Each step gets the witness as its input, so a replay that sees another value, or
/// another order, is noticed at the next step.
/// </summary>
/// <remarks><c>.Steps</c> asks for bodies, <c>.FanOut</c> runs branches, <c>.Saga</c> sagas, <c>.Composition</c> children and the next generation.</remarks>
internal sealed partial class Interpreter(WorkflowContext ctx, TortureProgram program, IStepBodies bodies)
{
    private const string ProbeSuffix = ".p";

    // Another one for each entry of the code: that is what it is for, and nothing that is recorded depends on it.
    private readonly string _activation = Nonce.New();

    /// <summary>Values that the code has got and that no body has stood behind yet.</summary>
    private readonly List<(string S, string Value)> _uncertain = [];

    private readonly string _run = program.Next?.Run ?? ctx.RunId;
    private readonly int _generation = program.Next?.Number ?? 0;

    public async Task<string> RunAsync()
    {
        var flow = Flow.Outermost(_generation);
        var h = await ListAsync(program.Ops, program.Next?.H ?? program.Ph, flow);
        // A program that reaches its end after a cancellation was recorded ends cancelled.
        ThrowIfCancelled(flow);
        return h;
    }

    private async Task<string> ListAsync(IReadOnlyList<Operation> operations, string h, Flow flow)
    {
        foreach (var operation in operations)
        {
            flow.Branch?.ThrowIfAbandoned();
            ThrowIfCancelled(flow);
            h = await OneAsync(operation, h, flow);
        }
        return h;
    }

    private Task<string> OneAsync(Operation operation, string h, Flow flow) => operation.O switch
    {
        "step" => StepAsync(operation, operation.Id!, h, flow),
        "sleep" => SleepAsync(operation, h, flow),
        "wait" => WaitAsync(operation, h, flow),
        "now" => RecordedAsync(operation, ctx.UtcNow.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), h, flow),
        "uuid" => RecordedAsync(operation, ctx.NewGuid().ToString("D"), h, flow),
        "rand" => RecordedAsync(operation, ctx.Random.Next().ToString(CultureInfo.InvariantCulture), h, flow),
        "all" => AllAsync(operation, h, flow),
        "each" => EachAsync(operation, h, flow),
        "any" => AnyAsync(operation, h, flow),
        "saga" => SagaAsync(operation, h, flow),
        "child" => ChildAsync(operation, h, flow),
        "can" => ContinueAsNewAsync(operation, h, flow),
        "loop" => LoopAsync(operation, h, flow),
        "shield" => ctx.ShieldAsync(() => ListAsync(operation.Body(), h, flow with { IsShielded = true })),
        "fail" => throw new WorkflowFailureException(TortureWorkflowCodes.ProgramFailed),
        _ => throw new NotSupportedException($"There is no operation '{operation.O}'."),
    };

    private async Task<string> LoopAsync(Operation loop, string h, Flow flow)
    {
        var body = loop.Body();
        for (var turn = 0; turn < loop.N; turn++) h = await ListAsync(body, h, flow with { Place = flow.Place.Turn(turn) });
        return h;
    }

    private async Task<string> SleepAsync(Operation sleep, string h, Flow flow)
    {
        var s = flow.Place.Qualify(sleep.Id!);
        ctx.Publish(TortureWorkflow.Next, s);
        var asked = ctx.SleepAsync(TimeSpan.FromMilliseconds(sleep.Ms!.Value));
        Wait(asked, flow);
        await asked;
        ThrowIfCancelled(flow);
        return await ProbeAsync(sleep, Witness.Of(h, s, "timer", "fired"), flow, got: null);
    }

    private async Task<string> WaitAsync(Operation wait, string h, Flow flow)
    {
        var s = flow.Place.Qualify(wait.Id!);
        var signal = new Signal<SignalValue>(wait.Name!);
        ctx.Publish(TortureWorkflow.Next, s);
        var taken = wait.Ms is { } limit
            ? await ctx.TryWaitForAsync(signal, TimeSpan.FromMilliseconds(limit))
            : new Received<SignalValue>(IsReceived: true, await ctx.WaitForAsync(signal));
        ThrowIfCancelled(flow);
        return taken.IsReceived
            ? await ProbeAsync(wait, Witness.Of(h, s, "signal", taken.Value.Mid), flow, taken.Value.Mid)
            : await ProbeAsync(wait, Witness.Of(h, s, "timeout", "-"), flow, "timeout");
    }

    /// <summary>
    /// Code runs ahead of the disk, so a value that it has just got may be another one after a crash, and nobody would ever see the difference. The journal is told of it only
    /// when it is certain: in a replay, or by the next body, which begins behind the commit.
    /// </summary>
    private async Task<string> RecordedAsync(Operation operation, string value, string h, Flow flow)
    {
        var s = flow.Place.Qualify(operation.Id!);
        value = bodies.Recorded(s, value);
        await ctx.ShieldAsync(() => ctx.StepAsync(s, () => Task.FromResult(value)));
        if (ctx.IsReplaying) bodies.Obtained(_run, s, value, _activation);
        else _uncertain.Add((s, value));
        return Witness.Of(h, s, operation.O!, value);
    }

    private void ThrowIfCancelled(Flow flow)
    {
        if (IsCancelled(flow)) throw new OperationCanceledException("The run was asked to cancel.");
    }

    private bool IsCancelled(Flow flow) => !flow.IsShielded && ctx.CancellationToken.IsCancellationRequested;

    private static void Wait(Task asked, Flow flow)
    {
        if (flow.Branch is { } branch) branch.Current = asked;
    }
}
