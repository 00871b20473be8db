using Perdure.Authoring;

namespace Perdure.Tests.Runtime.Programs;

/// <summary>Runs a program as workflow code.</summary>
/// <param name="isPatched">Whether the code knows the changes that the program holds; else it is the code of before.</param>
internal sealed class ProgramInterpreter(ProgramNode program, Witness witness, Func<int> outside, bool isPatched)
{
    private static readonly TimeSpan[] Times =
        [TimeSpan.FromSeconds(-5), TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30)];

    public async Task<int> RunAsync(WorkflowContext ctx, int input)
    {
        witness.Enter(ctx.Attempt);
        See(ctx, program, input);
        return await Run(ctx, program);
    }

    private async Task<int> Run(WorkflowContext ctx, ProgramNode node)
    {
        try
        {
            var result = await Do(ctx, node);
            See(ctx, node, result);
            return result;
        }
        catch (Exception e)
        {
            See(ctx, node, Hash(e.GetType().Name + e.Message));
            throw;
        }
    }

    private async Task<int> Do(WorkflowContext ctx, ProgramNode node)
    {
        var children = node.Children;
        switch (node.Op)
        {
            case ProgramOp.Step or ProgramOp.Activity:
                return await Start(ctx, node);
            case ProgramOp.Sleep:
                await ctx.SleepAsync(Times[node.Variant % Times.Length]);
                return 1;
            case ProgramOp.Wait or ProgramOp.Child:
                return await Start(ctx, node);
            case ProgramOp.ChildMessage:
                var started = ctx.StartChild<int>(node.Name, node.Variant % 7, OptionsOfChild(node.Variant));
                See(ctx, node, Hash(started.Id));
                if (node.Variant % 2 == 0) await started.SignalAsync(SignalOf(node.Name), node.Variant);
                else await started.CancelAsync("enough");
                return node.Variant % 3 == 0 ? 7 : await started.ResultAsync();
            case ProgramOp.WaitAny:
                var match = await ctx.WaitForAnyAsync([SignalOf(node.Name), SignalOf("z")], node.Variant % 3 == 0 ? null : Times[node.Variant % Times.Length]);
                return match.Is(SignalOf(node.Name), out var first) ? first : match.Is(SignalOf("z"), out var second) ? second + 1 : -2;
            case ProgramOp.WaitAll:
                var all = await ctx.WaitForAllAsync([SignalOf(node.Name), SignalOf("z")], node.Variant % 3 == 0 ? null : Times[node.Variant % Times.Length]);
                return (all.TryGet(SignalOf(node.Name), out var one) ? one : -3) + (all.TryGet(SignalOf("z"), out var other) ? other : -4) + (all.IsComplete ? 1 : 0);
            case ProgramOp.Drain:
                return (await ctx.DrainAsync(SignalOf(node.Name))).Aggregate(7, static (sum, payload) => unchecked(sum * 31 + payload));
            case ProgramOp.Peek:
                return ctx.TryPeek(SignalOf(node.Name), out var oldest) ? oldest : -5;
            case ProgramOp.Continue:
                See(ctx, node, ctx.ShouldContinueAsNew ? 1 : 0);
                return await ctx.ContinueAsNewAsync<int>(node.Variant);
            case ProgramOp.Hook:
                using (var hook = ctx.CreateHook<int>(node.Name, node.Variant % 3 == 0 ? null : Times[node.Variant % Times.Length], maxReceipts: 1 + node.Variant % 2))
                {
                    See(ctx, node, Hash(hook.Token));
                    var (received, payload) = await hook.TryReceiveAsync();
                    return received ? payload : -6;
                }
            case ProgramOp.Input:
                return await ctx.RequestInputAsync<int>(node.Name, InputForm.Text("?"), new()
                {
                    Timeout = node.Variant % 4 == 0 ? null : Times[node.Variant % Times.Length], DefaultValue = node.Variant % 4 == 3 ? null : -7,
                    OnTimeout = node.Variant % 4 == 3 ? InputTimeout.Fail : InputTimeout.Resume,
                });
            case ProgramOp.Publish:
                ctx.Publish(new Published<int>(node.Name), witness.Fold);
                return 2;
            case ProgramOp.Data:
                return Write(ctx, node);
            case ProgramOp.SideEffect:
                return await ctx.SideEffectAsync(node.Name, () => node.Variant % 8 == 0 ? throw new InvalidOperationException("effect") : outside());
            case ProgramOp.Look:
                See(ctx, node, ctx.UtcNow.Ticks);
                See(ctx, node, ctx.Random.Next());
                See(ctx, node, Hash(ctx.NewGuid().ToString()));
                See(ctx, node, ctx.CancellationToken.IsCancellationRequested ? 1 : 0);
                return 3;
            case ProgramOp.Yield:
                await Task.Yield();
                return 4;
            case ProgramOp.Throw:
                throw node.Variant % 6 == 0 ? new NonRetryableException("for good") : node.Variant % 2 == 0 ? new WorkflowFailureException("thrown", "by the program") : new InvalidOperationException("thrown");
            case ProgramOp.Sequence:
                var sum = 0;
                foreach (var child in children) sum += await Run(ctx, child);
                return sum;
            case ProgramOp.All:
                return (await Task.WhenAll(StartAll(ctx, children))).Sum();
            case ProgramOp.Any:
                var tasks = StartAll(ctx, children);
                var winner = await Task.WhenAny(tasks);
                See(ctx, node, Array.IndexOf(tasks, winner));
                return await winner + (node.Variant % 2 == 0 ? await tasks[^1] : 0);
            case ProgramOp.AnyCancelling:
                var (index, value) = await ctx.WhenAnyAsync(Array.ConvertAll(children, child => Start(ctx, child)), cancelLosers: node.Variant % 3 != 0);
                return index * 1000 + value;
            case ProgramOp.ForEach:
                return (await ctx.ForEachAsync([1, 2, 3], async item => item * await Run(ctx, children[0]), maxParallel: 1 + node.Variant % 3)).Sum();
            case ProgramOp.Try:
                return await Try(ctx, node);
            case ProgramOp.Saga:
                return await ctx.SagaAsync(saga => Undoable(ctx, saga, node), new() { CompensateOnCancel = node.Variant % 4 != 0 });
            case ProgramOp.Shield:
                return await ctx.ShieldAsync(() => Run(ctx, children[0]));
            case ProgramOp.Limit:
                return await Limit(ctx, node);
            case ProgramOp.Timer:
                var timer = ctx.StartTimer(Times[node.Variant % Times.Length]);
                var during = await Run(ctx, children[0]);
                if (node.Variant % 2 == 0) timer.Cancel();
                else await timer.Elapsed;
                return during + (timer.Elapsed.IsCompleted ? 1 : 0);
            case ProgramOp.Loose:
                _ = Run(ctx, children[0]);
                return 5;
            case ProgramOp.Shared:
                var shared = Start(ctx, children[0]);
                async Task<int> Await(int place)
                {
                    var result = await shared;
                    See(ctx, node, place);
                    return result;
                }
                return (await Task.WhenAll(Await(1), Await(2), Await(3))).Sum();
            case ProgramOp.Free:
                // A helper that leaves its caller's context alone.
                return await Start(ctx, children[0]).ConfigureAwait(false);
            case ProgramOp.Branch:
                return await Run(ctx, children[(witness.Fold & 0x10) == 0 ? 0 : 1]);
            case ProgramOp.Patch:
                return await Run(ctx, children[isPatched && ctx.Patch("p" + node.Id) ? 1 : 0]);
            default:
                throw new InvalidOperationException(node.Op.ToString());
        }
    }

    /// <summary>Starts a leaf as a bare operation.</summary>
    private static Task<int> Start(WorkflowContext ctx, ProgramNode node) => node.Op switch
    {
        ProgramOp.Step => ctx.StepAsync(node.Name, static () => Task.FromResult(0), ProgramOptions.OfStep(node.Variant)),
        ProgramOp.Activity => ctx.ActivityAsync<int>(node.Name, node.Variant % 7, ProgramOptions.OfActivity(node.Variant)),
        ProgramOp.Child => ctx.ChildAsync<int>(node.Name, node.Variant % 7, OptionsOfChild(node.Variant)),
        _ => (node.Variant % 3) switch
        {
            0 => ctx.WaitForAsync(SignalOf(node.Name)),
            1 => ctx.WaitForAsync(SignalOf(node.Name), Times[node.Variant % Times.Length], -1),
            _ => ctx.WaitForAsync(SignalOf(node.Name), TimeSpan.FromSeconds(1 + node.Variant), -1),
        },
    };

    private static ChildOptions OptionsOfChild(int variant) => new()
    {
        ParentClosePolicy = (ParentClosePolicy)(variant % 3), Id = variant % 9 == 0 ? $"chosen:{variant}" : null,
        WaitLimit = variant % 5 == 0 ? TimeSpan.FromSeconds(variant % 2) : null, CancelOnTimeout = variant % 10 == 0,
    };

    private Task<int>[] StartAll(WorkflowContext ctx, ProgramNode[] nodes) => Array.ConvertAll(nodes, node => Run(ctx, node));

    private async Task<int> Undoable(WorkflowContext ctx, Saga saga, ProgramNode node)
    {
        var sum = 0;
        foreach (var child in node.Children)
        {
            sum += await Run(ctx, child);
            saga.OnFailure("undo-" + child.Name, static () => Task.CompletedTask, ProgramOptions.OfStep(node.Variant));
        }
        return node.Variant % 3 == 0 ? throw new WorkflowFailureException("thrown", "by the saga") : sum;
    }

    private int Write(WorkflowContext ctx, ProgramNode node)
    {
        switch (node.Variant % 4)
        {
            case 0:
                ctx.Data.Remove("n" + node.Name);
                break;
            case 1:
                ctx.Data.Append("list", witness.Fold);
                break;
            case 2:
                ctx.RecordDecision("d" + node.Name, "1"u8.ToArray(), default);
                break;
            default:
                ctx.Data.Increment("n" + node.Name, node.Variant);
                break;
        }
        See(ctx, node, Hash(string.Join(' ', ctx.Data.All.Select(static pair => pair.Key + pair.Value.GetRawText()))));
        return ctx.Data.Get<int>("n" + node.Name);
    }

    private async Task<int> Try(WorkflowContext ctx, ProgramNode node)
    {
        try
        {
            return await Run(ctx, node.Children[0]);
        }
        catch (OperationCanceledException) when (node.Variant % 3 == 0)
        {
            // Cleans up and goes on to fail.
            await ctx.ShieldAsync(() => Run(ctx, node.Children[1]));
            throw;
        }
        catch (Exception) when (node.Variant % 5 != 0)
        {
            return await Run(ctx, node.Children[1]);
        }
        finally
        {
            See(ctx, node, 9);
        }
    }

    private async Task<int> Limit(WorkflowContext ctx, ProgramNode node)
    {
        var handle = ctx.StartActivity<int>(node.Name, node.Variant, ProgramOptions.OfActivity(node.Variant));
        try
        {
            return await handle.ResultAsync(Times[node.Variant % Times.Length]);
        }
        catch (WaitLimitException)
        {
            See(ctx, node, 8);
            if (node.Variant % 3 == 0) handle.Cancel();
            return node.Variant % 2 == 0 ? await handle.ResultAsync() : 6;
        }
    }

    private void See(WorkflowContext ctx, ProgramNode node, long value) => witness.See(node.Id, value, ctx.IsReplaying);

    private static Signal<int> SignalOf(string name) => new("s" + name);

    private static int Hash(string text)
    {
        var hash = 17;
        foreach (var c in text) hash = unchecked(hash * 31 + c);
        return hash;
    }
}
