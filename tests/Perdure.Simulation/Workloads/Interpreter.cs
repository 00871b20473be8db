using Perdure.Authoring;
using Perdure.Schedules;

namespace Perdure.Simulation;

/// <summary>
/// The workflow of all simulated runs. It keeps a hash of everything it has seen, in the order seen, and gives it to every body: if a replay differs in
/// any value or order, a later body begins with another hash. Its result is the list of what it saw.
/// </summary>
internal sealed class Interpreter(EffectsJournal journal, SimNode node)
{
    public const string WorkflowName = "sim";
    public const string ActivityName = "work";

    /// <summary>All versions, and builds, are the same code: which one a run has only says who may drive it.</summary>
    public void Register(WorkflowRegistry workflows, ActivityRegistry activities, IReadOnlyList<int> versions, CodeBuild? build = null)
    {
        workflows.AddBuiltIn(ScheduleWorkflow.Describe());
        foreach (var version in versions) PipelineWork.Register(this, version, workflows, activities);
        foreach (var version in versions) workflows.Add(new WorkflowDefinition<Act, string>(WorkflowName, version), (ctx, act) => new Frame(this, ctx).RunAsync(act), new() { PinToBuild = build is not null });
        workflows.Name(build ?? CodeBuild.Unnamed);
        activities.Add<WorkInput, StepInfo, CancellationToken, string>(ActivityName, (input, info, ct) =>
            BodyAsync(info, input.Act, input.Seen, input.WorkflowAttempt, shielded: false, ct));
    }

    /// <summary>Whether a bug is planted in what is simulated.</summary>
    internal bool Has(Defect defect) => node.Defect == defect;

    internal async Task<string> BodyAsync(StepInfo info, Act act, ulong seen, int workflowAttempt, bool shielded, CancellationToken ct)
    {
        var effect = journal.Begin(node, info, seen, workflowAttempt, shielded);
        var token = act.Stubborn ? CancellationToken.None : ct;
        try
        {
            if (info.Attempt <= act.Deadly)
            {
                node.Crash();
                await Task.Delay(Timeout.InfiniteTimeSpan, node.Time, CancellationToken.None);
            }
            if (act.HeartbeatMs > 0)
            {
                if (info.Attempt <= act.Silent) await Task.Delay(TimeSpan.FromHours(1), node.Time, token);
                for (var spent = 0; spent < act.Ms; spent += act.HeartbeatMs / 3)
                {
                    info.Heartbeat(spent);
                    await Task.Delay(TimeSpan.FromMilliseconds(act.HeartbeatMs / 3), node.Time, token);
                }
            }
            else if (act.Checkpoints > 0)
            {
                effect.Loaded = info.LoadCheckpoint<int>();
                for (var done = effect.Loaded; done < act.Checkpoints; done++)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(act.Ms / act.Checkpoints), node.Time, token);
                    await info.SaveCheckpointAsync(done + 1);
                    journal.Saved(effect, done + 1);
                    // An attempt that is to fail does so half way.
                    if (info.Attempt <= act.Failing && done >= act.Checkpoints / 2) break;
                }
            }
            else if (act.Ms > 0) await Task.Delay(TimeSpan.FromMilliseconds(act.Ms), node.Time, token);
        }
        catch (OperationCanceledException)
        {
            journal.Fail(effect);
            throw;
        }
        if (info.Attempt <= act.Failing)
        {
            journal.Fail(effect);
            throw new InvalidOperationException($"attempt {info.Attempt} of {act.Name} fails");
        }
        return journal.End(effect);
    }

    /// <summary>One activation of the workflow.</summary>
    private sealed class Frame(Interpreter owner, WorkflowContext ctx)
    {
        private readonly List<string> _seen = [];
        private ulong _hash = 0xCBF29CE484222325;

        private Act _program = new();

        public async Task<string> RunAsync(Act act)
        {
            _program = act;
            ctx.SetQueryHandler("seen", () => string.Join('\n', _seen));
            await RunAsync(act, "", shielded: false);
            return string.Join('\n', _seen);
        }

        private async Task RunAsync(Act act, string path, bool shielded)
        {
            switch (act.Kind)
            {
                case ActKind.Sequence:
                    for (var i = 0; i < act.Acts.Count; i++) await RunAsync(act.Acts[i], $"{path}.{i}", shielded);
                    break;
                case ActKind.All:
                    await Task.WhenAll(Branches(act, path, shielded));
                    break;
                case ActKind.Any:
                    var branches = Branches(act, path, shielded);
                    var first = await Task.WhenAny(branches);
                    await first;
                    See(path, $"first {Array.IndexOf(branches, first)}");
                    break;
                case ActKind.Race:
                    See(path, await Endable(async () => $"winner {await ctx.WhenAnyAsync(act.Acts.Select(runner => Issue(runner, shielded)), cancelLosers: true)}"));
                    break;
                case ActKind.Each:
                    await ctx.ForEachAsync(Enumerable.Range(0, act.Acts.Count), async i =>
                    {
                        await RunAsync(act.Acts[i], $"{path}.{i}", shielded);
                        return i;
                    }, act.Ms);
                    break;
                case ActKind.Guard:
                    try
                    {
                        await RunAsync(act.Acts[0], path + ".0", shielded);
                    }
                    catch (OperationCanceledException)
                    {
                        await ctx.ShieldAsync(() => RunAsync(act.Acts[1], path + ".1", shielded: true));
                        throw;
                    }
                    break;
                case ActKind.Catch:
                    try
                    {
                        await RunAsync(act.Acts[0], path + ".0", shielded);
                    }
                    catch (Exception e) when (e is PerdureException or ActivityWithdrawnException)
                    {
                        See(path, $"caught {e.GetType().Name}");
                    }
                    break;
                case ActKind.Saga:
                    await ctx.SagaAsync(async saga =>
                    {
                        for (var i = 0; i < act.Acts.Count; i++)
                        {
                            var done = act.Acts[i];
                            await RunAsync(done, $"{path}.{i}", shielded);
                            if (done.Undo is not null) saga.OnFailure(done.Undo, Undo(done), UndoRetry);
                        }
                    });
                    break;
                case ActKind.Child:
                    See(path, (await ctx.ChildAsync<string>(WorkflowName, act.Body)).Replace('\n', ';'));
                    break;
                case ActKind.Again:
                    if (act.Ms > 0)
                        await ctx.ContinueAsNewAsync(_program with { Acts = [.. _program.Acts.Select(static again => again.Kind == ActKind.Again ? again with { Ms = again.Ms - 1 } : again)] },
                            new() { KeepData = true });
                    break;
                case ActKind.Fail:
                    if (ctx.Attempt <= act.Failing) throw new WorkflowFailureException("planned", $"attempt {ctx.Attempt} fails");
                    break;
                case ActKind.Publish:
                    ctx.Publish(new Published<string>(act.Name), path + _hash);
                    break;
                case ActKind.Data:
                    See(path, Write(act.Name, path));
                    break;
                case ActKind.Version:
                    See(path, $"version {ctx.GetVersion(act.Name, WorkflowContext.DefaultVersion, 2)}");
                    break;
                case ActKind.Facts:
                    See(path, $"{ctx.UtcNow:O} {ctx.NewGuid()} {ctx.Random.Next()}");
                    break;
                case ActKind.SideEffect:
                    See(path, await ctx.SideEffectAsync(act.Name, owner.NextSideEffect));
                    break;
                case ActKind.Step:
                    See(path, await Step(act, shielded));
                    break;
                case ActKind.Activity:
                    See(path, await Activity(act));
                    break;
                case ActKind.Sleep:
                    await ctx.SleepAsync(TimeSpan.FromMilliseconds(act.Ms));
                    See(path, "slept");
                    break;
                case ActKind.Wait:
                    See(path, await Endable(() => Wait(act)));
                    break;
                case ActKind.WaitAll:
                    See(path, await Endable(() => WaitAll(act)));
                    break;
                case ActKind.Drain:
                    See(path, string.Join(' ', await ctx.DrainAsync(new Signal<string>(act.Name))));
                    break;
                case ActKind.Peek:
                    See(path, ctx.TryPeek(new Signal<string>(act.Name), out var seen) ? seen : "nothing");
                    break;
                case ActKind.Hook:
                    See(path, await Endable(() => Hook(act)));
                    break;
                case ActKind.KeptHook when _program.Acts.Any(static again => again is { Kind: ActKind.Again, Ms: > 0 }):
                    See(path, ctx.CreateHook<string>(act.Name, Limit(act.LimitMs), act.Tries).Token);
                    break;
                case ActKind.KeptHook:
                    See(path, await Hook(act));
                    break;
                case ActKind.Input:
                    See(path, await Endable(() => ctx.RequestInputAsync<string>(act.Name, InputForm.Text("?"), new() { Timeout = Limit(act.LimitMs), DefaultValue = "nobody" })!));
                    break;
                default:
                    throw new InvalidOperationException($"There is no act {act.Kind}.");
            }
        }

        /// <summary>Counts, lists and, every third time, removes.</summary>
        private string Write(string key, string path)
        {
            ctx.Data.Increment(key);
            ctx.Data.Append("paths", path);
            var seen = $"{ctx.Data.Get<int>(key)} {ctx.Data.Get<string[]>("paths")!.Length}";
            if (ctx.Data.Get<int>(key) % 3 == 0) ctx.Data.Remove(key);
            return seen;
        }

        private Task[] Branches(Act act, string path, bool shielded)
        {
            var branches = new Task[act.Acts.Count];
            for (var i = 0; i < branches.Length; i++) branches[i] = RunAsync(act.Acts[i], $"{path}.{i}", shielded);
            return branches;
        }

        private Task Issue(Act act, bool shielded) => act.Kind switch
        {
            ActKind.Step => Step(act, shielded),
            ActKind.Activity => Activity(act),
            ActKind.Sleep => ctx.SleepAsync(TimeSpan.FromMilliseconds(act.Ms)),
            ActKind.Wait when act.LimitMs == 0 => ctx.WaitForAsync(new Signal<string>(act.Name)),
            ActKind.Wait => ctx.WaitForAsync(new Signal<string>(act.Name), TimeSpan.FromMilliseconds(act.LimitMs)),
            _ => throw new InvalidOperationException($"An act {act.Kind} is no plain operation."),
        };

        private Task<string> Step(Act act, bool shielded)
        {
            var (seen, attempt) = (_hash, ctx.Attempt);
            return ctx.StepAsync(act.Name, (StepInfo info, CancellationToken ct) => owner.BodyAsync(info, act, seen, attempt, shielded, ct), new StepOptions
            {
                Retry = act.AtMostOnce ? null : Retry(act),
                Timeout = Limit(act.LimitMs),
                Mode = act.AtMostOnce ? StepMode.AtMostOnce : StepMode.AtLeastOnce,
                Durability = act.Deferred ? StepDurability.Deferred : StepDurability.Strict,
            });
        }

        private Func<StepInfo, CancellationToken, Task> Undo(Act done)
        {
            var (seen, attempt) = (_hash, ctx.Attempt);
            var act = Act.Step(done.Undo!, done.Ms, done.UndoFailing);
            return (info, ct) => owner.BodyAsync(info, act, seen, attempt, shielded: true, ct);
        }

        private Task<string> Activity(Act act) => ctx.ActivityAsync<string>(ActivityName, new WorkInput(act, _hash, ctx.Attempt), new ActivityOptions
        {
            Retry = Retry(act),
            StartToClose = Limit(act.LimitMs),
            Heartbeat = Limit(act.HeartbeatMs),
            ScheduleToStart = Limit(act.QueueLimitMs),
            RunLocally = act.Local ? true : null,
        });

        /// <summary>A wait that somebody outside may end.</summary>
        private static async Task<string> Endable(Func<Task<string>> wait)
        {
            try
            {
                return await wait();
            }
            catch (WaitCancelledException e)
            {
                return $"ended {e.Wait} {e.Reason}";
            }
        }

        private async Task<string> Wait(Act act)
        {
            var signal = new Signal<string>(act.Name);
            return act.LimitMs == 0 ? await ctx.WaitForAsync(signal) : await ctx.WaitForAsync(signal, TimeSpan.FromMilliseconds(act.LimitMs)) ?? "nothing";
        }

        private async Task<string> Hook(Act act)
        {
            var hook = ctx.CreateHook<string>(act.Name, Limit(act.LimitMs), act.Tries);
            var seen = hook.Token;
            for (var i = 0; i < act.Tries; i++)
            {
                var (received, payload) = await hook.TryReceiveAsync();
                if (!received) return seen + " expired";
                seen += " " + payload;
            }
            return seen;
        }

        private async Task<string> WaitAll(Act act)
        {
            var matches = await ctx.WaitForAllAsync([.. act.Name.Split(' ').Select(static name => new Signal<string>(name))], Limit(act.LimitMs));
            return string.Join(' ', matches.Statuses.Select(status => $"{status.Key} {(matches.Payloads.TryGetValue(status.Key, out var payload) ? payload : status.Value)}"));
        }

        private static readonly StepOptions UndoRetry = new() { Retry = new() { MaxAttempts = 3, InitialDelay = TimeSpan.FromMilliseconds(Act.UndoRetryMs) } };

        private static RetryPolicy Retry(Act act) => new() { MaxAttempts = act.Tries, InitialDelay = TimeSpan.FromMilliseconds(act.RetryMs) };

        private static TimeSpan? Limit(int ms) => ms == 0 ? null : TimeSpan.FromMilliseconds(ms);

        private void See(string path, string value)
        {
            var line = $"{path}={value}";
            _seen.Add(line);
            foreach (var c in line) _hash = (_hash ^ c) * 0x100000001B3;
        }
    }

    private string NextSideEffect() => $"{node.Name}-{node.NextSideEffect()}";
}
