using System.Runtime.CompilerServices;

namespace Perdure.Tests.Runtime.Conformance;

/// <summary>Every way to await that workflow code may use, with the order that a stored history relies on.</summary>
internal static class Shapes
{
    public static IReadOnlyList<Shape> All { get; } =
    [
        new("await", ["a"], async p => { p.See(await p.Step("a")); }, "a end"),
        new("await in sequence", ["a", "b"], async p => { p.See(await p.Step("a")); p.See(await p.Step("b")); }, "a b end"),
        new("nested", ["a"], async p => { p.See("out " + await p.Nested("a")); }, "in a out a end"),
        new("nested twice", ["a", "b"], async p =>
        {
            async Task Inner() { await p.Nested("a"); await p.Nested("b"); p.See("inner"); }
            await Inner();
        }, "in a in b inner end"),
        new("WhenAll", ["b", "a"], async p => { var all = await Task.WhenAll(p.Step("a"), p.Step("b")); p.See(string.Join(',', all)); }, "a,b end"),
        new("WhenAll of helpers", ["b", "a"], async p => { await Task.WhenAll(p.Nested("a"), p.Nested("b")); }, "in b in a end"),
        new("WhenAny", ["b", "a"], async p => { var (a, b) = (p.Step("a"), p.Step("b")); p.See(await await Task.WhenAny(a, b)); p.See(await a); }, "b a end"),
        new("WhenAny of helpers", ["b", "a"], async p => { var (a, b) = (p.Nested("a"), p.Nested("b")); p.See(await await Task.WhenAny(a, b)); p.See(await a); }, "in b b in a a end"),
        new("WhenAll and await of one task", ["a", "b"], async p =>
        {
            var (a, b) = (p.Step("a"), p.Step("b"));
            var first = p.Await(a, "one");
            await Task.WhenAll(a, b);
            p.See("all");
            await first;
        }, "one all end"),
        new("await then WhenAny then await of one task", ["a", "b"], async p =>
        {
            var (a, b) = (p.Step("a"), p.Step("b"));
            var one = p.Await(a, "one");
            var any = p.Await(Task.WhenAny(a, b), "any");
            var two = p.Await(a, "two");
            await Task.WhenAll(one, any, two, b);
        }, "two one any end"),
        new("ConfigureAwait(false) on a step", ["a", "b"], async p => { p.See(await p.Step("a").ConfigureAwait(false)); p.See(await p.Step("b").ConfigureAwait(false)); }, "a b end"),
        new("ConfigureAwait(false) in a helper", ["a", "b"], async p =>
        {
            async Task<string> Helper(string n) { var r = await p.Step(n).ConfigureAwait(false); p.See("in " + r); return r; }
            p.See(await Helper("a")); p.See(await Helper("b"));
        }, "in a a in b b end"),
        new("ConfigureAwait(false) everywhere", ["a", "b"], async p =>
        {
            async Task<string> Helper(string n) { var r = await p.Step(n).ConfigureAwait(false); p.See("in " + r); return r; }
            p.See(await Helper("a").ConfigureAwait(false)); p.See(await Helper("b").ConfigureAwait(false));
        }, "in a a in b b end"),
        new("ConfigureAwait(false) on a helper", ["a"], async p => { p.See(await p.Nested("a").ConfigureAwait(false)); }, null),
        new("ConfigureAwait(false) on WhenAll", ["a", "b", "c"], async p => { await Task.WhenAll(p.Step("a"), p.Step("b")).ConfigureAwait(false); p.See("all"); p.See(await p.Step("c")); }, "all c end"),
        new("ctx.WhenAllAsync ConfigureAwait(false)", ["a", "b"], async p => { await p.Context.WhenAllAsync(p.Step("a"), p.Step("b")).ConfigureAwait(false); p.See("all"); }, "all end"),
        new("ctx.ShieldAsync ConfigureAwait(false)", ["a"], async p => { p.See(await p.Context.ShieldAsync(() => p.Step("a")).ConfigureAwait(false)); }, "a end"),
        new("ctx.ForEachAsync ConfigureAwait(false)", ["b", "a"], async p =>
        {
            p.See(string.Concat(await p.Context.ForEachAsync(["a", "b"], p.Nested).ConfigureAwait(false)));
        }, "in b in a ab end"),
        new("ctx.WhenAnyAsync ConfigureAwait(false)", ["b", "a"], async p =>
        {
            var (index, value) = await p.Context.WhenAnyAsync([p.Step("a"), p.Step("b")]).ConfigureAwait(false);
            p.See(index + value);
        }, "1b end"),
        new("context helper ended by the code", ["z", "a"], async p =>
        {
            var source = new TaskCompletionSource<string>();
            async Task Helper() { await p.Context.WhenAllAsync(source.Task, source.Task); p.See("helper"); }
            var helper = Helper();
            await p.Step("z");
            source.SetResult("x");
            p.See("set");
            // Two ordinary awaiters of one task stay in the run only where its context is current.
            var b = p.Nested("a");
            await Task.WhenAll(p.Await(b, "1"), p.Await(b, "2"), helper);
        }, "set helper in a 1 2 end"),
        new("two awaiters", ["a"], async p => { var a = p.Step("a"); await Task.WhenAll(p.Await(a, "1"), p.Await(a, "2")); }, "2 1 end"),
        new("four awaiters", ["a"], async p => { var a = p.Step("a"); await Task.WhenAll(p.Await(a, "1"), p.Await(a, "2"), p.Await(a, "3"), p.Await(a, "4")); }, "2 3 4 1 end"),
        new("four awaiters of a helper", ["a"], async p => { var a = p.Nested("a"); await Task.WhenAll(p.Await(a, "1"), p.Await(a, "2"), p.Await(a, "3"), p.Await(a, "4")); }, "in a 1 2 3 4 end"),
        new("two awaiters, both ConfigureAwait(false)", ["a"], async p => { var a = p.Step("a"); await Task.WhenAll(p.AwaitFree(a, "1"), p.AwaitFree(a, "2")); }, null),
        new("two awaiters, the first ConfigureAwait(false)", ["a"], async p => { var a = p.Step("a"); await Task.WhenAll(p.AwaitFree(a, "1"), p.Await(a, "2")); }, "1 2 end"),
        new("two awaiters, the second ConfigureAwait(false)", ["a"], async p => { var a = p.Step("a"); await Task.WhenAll(p.Await(a, "1"), p.AwaitFree(a, "2")); }, null),
        new("two awaiters after ConfigureAwait(false)", ["z", "a"], async p => { await p.Step("z").ConfigureAwait(false); var a = p.Step("a"); await Task.WhenAll(p.Await(a, "1"), p.Await(a, "2")); }, null),
        new("await foreach", ["a", "b"], async p =>
        {
            async IAsyncEnumerable<string> Items([EnumeratorCancellation] CancellationToken ct = default) { yield return await p.Step("a"); yield return await p.Step("b"); }
            await foreach (var item in Items()) p.See(item);
        }, "a b end"),
        new("await foreach ConfigureAwait(false)", ["a", "b"], async p =>
        {
            async IAsyncEnumerable<string> Items([EnumeratorCancellation] CancellationToken ct = default) { yield return await p.Step("a"); yield return await p.Step("b"); }
            await foreach (var item in Items().ConfigureAwait(false)) p.See(item);
        }, "a b end"),
        new("Task.Yield", ["a"], async p => { var a = p.Await(p.Step("a"), "a"); await Task.Yield(); p.See("yielded"); await a; }, "yielded a end"),
        new("Task.Yield after ConfigureAwait(false)", ["a"], async p => { await p.Step("a").ConfigureAwait(false); await Task.Yield(); p.See("yielded"); }, null),
        new("TaskCompletionSource", ["a"], async p =>
        {
            var source = new TaskCompletionSource<string>();
            var waiter = p.Await(source.Task, "source");
            source.SetResult(await p.Step("a"));
            p.See("set");
            await waiter;
        }, "source set end"),
        new("TaskCompletionSource, two awaiters", ["a"], async p =>
        {
            var source = new TaskCompletionSource<string>();
            var (one, two, three) = (p.Await(source.Task, "1"), p.Await(source.Task, "2"), p.Await(source.Task, "3"));
            source.SetResult(await p.Step("a"));
            p.See("set");
            await Task.WhenAll(one, two, three);
        }, "1 set 2 3 end"),
        new("TaskCompletionSource, asynchronous continuations", ["a"], async p =>
        {
            var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var (one, two) = (p.Await(source.Task, "1"), p.Await(source.Task, "2"));
            source.SetResult(await p.Step("a"));
            p.See("set");
            await Task.WhenAll(one, two);
        }, "set 1 2 end"),
        new("using and finally", ["a", "b"], async p =>
        {
            try
            {
                using var guard = new Guard(p);
                await using var later = new LaterGuard(p);
                await p.Step("a");
                p.See("body");
            }
            finally
            {
                p.See("finally");
            }
        }, "body disposed later disposed finally end"),
        new("exceptions", ["a"], async p =>
        {
            async Task Helper() { await p.Step("a"); throw new InvalidOperationException("x"); }
            try { await Helper(); } catch (InvalidOperationException) { p.See("caught"); } finally { p.See("finally"); }
        }, "caught finally end"),
        new("ContinueWith", ["a"], async p => { await p.Step("a").ContinueWith(t => p.See("then " + t.Result), TaskScheduler.Default); p.See("after"); }, null),
        new("ContinueWith, current scheduler", ["a"], async p => { await p.Step("a").ContinueWith(t => p.See("then " + t.Result)); p.See("after"); }, null),
        new("ContinueWith, synchronous", ["a"], async p => { await p.Step("a").ContinueWith(t => p.See("then " + t.Result), TaskContinuationOptions.ExecuteSynchronously); p.See("after"); }, "then a after end"),
        new("SemaphoreSlim", ["a", "b"], async p =>
        {
            var gate = new SemaphoreSlim(1);
            async Task Guarded(string n) { await gate.WaitAsync(); try { await p.Step(n); p.See(n); } finally { gate.Release(); } }
            await Task.WhenAll(Guarded("a"), Guarded("b"));
        }, "a b end"),
        new("SemaphoreSlim ConfigureAwait(false)", ["a", "b"], async p =>
        {
            var gate = new SemaphoreSlim(1);
            async Task Guarded(string n) { await gate.WaitAsync().ConfigureAwait(false); try { await p.Step(n); p.See(n); } finally { gate.Release(); } }
            await Task.WhenAll(Guarded("a"), Guarded("b"));
        }, null),
        new("WaitAsync with the run's token", ["a"], async p => { p.See(await p.Step("a").WaitAsync(p.Context.CancellationToken)); }, "a end"),
        new("WaitAsync with a time that passes", [], async p => { try { await p.Step("a").WaitAsync(TimeSpan.FromMilliseconds(20)); } catch (TimeoutException) { p.See("late"); } }, null),
        new("WhenEach", ["b", "a"], async p => { await foreach (var t in Task.WhenEach(p.Step("a"), p.Step("b"))) p.See(await t); }, null),
        new("Task.Run", [], async p => { await Task.Run(p.Outside.Wait); p.See("ran"); }, null),
        new("Task.Run beside a step", [], async p => { var a = p.Step("a"); await Task.Run(p.Outside.Wait); p.See("ran"); await a; }, null),
        new("Task.Delay", [], async p => { await Task.Delay(20); p.See("delayed"); }, null),
        new("ValueTask", ["a"], async p => { async ValueTask<string> Helper() => await p.Step("a"); p.See(await Helper()); }, "a end"),
        new("ValueTask ConfigureAwait(false)", ["a"], async p => { async ValueTask<string> Helper() => await p.Step("a"); p.See(await Helper().ConfigureAwait(false)); }, null),
        new("async void", ["a", "b"], async p => { async void Fire() { await p.Step("a"); p.See("void"); } Fire(); await p.Step("b"); }, "void end"),
        new("IAsyncDisposable ConfigureAwait", ["a", "b"], async p => { await using ((new LaterGuard(p)).ConfigureAwait(false)) { await p.Step("a"); p.See("body"); } }, null),
        new("Lazy task", ["a"], async p => { var lazy = new Lazy<Task<string>>(() => p.Nested("a")); await Task.WhenAll(p.Await(lazy.Value, "1"), p.Await(lazy.Value, "2")); }, "in a 1 2 end"),
        new("Unwrap", ["a", "b"], async p => { await p.Step("a").ContinueWith(_ => p.Step("b"), TaskContinuationOptions.ExecuteSynchronously).Unwrap(); p.See("unwrapped"); }, "unwrapped end"),
    ];

    private sealed class Guard(Probe probe) : IDisposable
    {
        public void Dispose() => probe.See("disposed");
    }

    private sealed class LaterGuard(Probe probe) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await probe.Step("b");
            probe.See("disposed later");
        }
    }
}
