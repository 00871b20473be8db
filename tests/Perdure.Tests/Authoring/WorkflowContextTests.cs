using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class WorkflowContextTests
{
    private static readonly Signal<string> Text = new("text");
    private static readonly Signal<int> Number = new("number");
    private readonly RecordingContext _ctx = new();

    [Fact]
    public async Task StepAsync_EveryShape_IsOneOperation()
    {
        Assert.Equal(0, await _ctx.StepAsync("a", () => Task.FromResult(0)));
        Assert.Equal(1, await _ctx.StepAsync("b", ct => Task.FromResult(ct.CanBeCanceled ? 0 : 1)));
        Assert.Equal(1, await _ctx.StepAsync("c", (StepInfo info) => Task.FromResult(info.Attempt)));
        Assert.Equal("d", await _ctx.StepAsync("d", async (CancellationToken ct, StepInfo info) =>
        {
            await Task.CompletedTask;
            return info.StepName;
        }));
        await _ctx.StepAsync("e", () => Task.CompletedTask);
        await _ctx.StepAsync("f", ct => Task.CompletedTask, new() { Timeout = TimeSpan.FromSeconds(1) });
        await _ctx.StepAsync("g", async (StepInfo info, CancellationToken ct) => await Task.CompletedTask);
        Assert.Equal(
            ["step a services=False", "step b services=False", "step c services=False", "step d services=False", "step e services=False",
             "step f services=False", "step g services=False"], _ctx.Issued);

        _ctx.Expect<int>();
        _ = _ctx.StepAsync(
            "h", (IFormatProvider a, IServiceProvider b, StepInfo c, CancellationToken d, IComparable e) => Task.FromResult(1));
        Assert.Equal("step h services=True", _ctx.Issued[^1]);
    }

    [Fact]
    public void StepAsync_CallSite_IsRecorded()
    {
        _ = _ctx.StepAsync("a", () => Task.FromResult(0));
        Assert.Matches(@"^WorkflowContextTests\.cs:\d+$", _ctx.Sources[0].ToString());
        Assert.Equal("Order.cs:7", new SourceLine(@"C:\src\Order.cs", 7).ToString());
        Assert.Equal("Order.cs:7", new SourceLine("/src/app/Order.cs", 7).ToString());
        Assert.Equal("", default(SourceLine).ToString());
    }

    [Fact]
    public void BadCalls_AreRefusedBeforeAnythingIsIssued()
    {
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.StepAsync("_x", () => Task.CompletedTask); });
        Assert.Throws<InvalidOptionException>(
            () => { _ = _ctx.StepAsync("x", () => Task.CompletedTask, new() { Timeout = TimeSpan.Zero }); });
        Assert.Throws<ArgumentNullException>("body", () => { _ = _ctx.StepAsync("x", (Func<Task>)null!); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.ActivityAsync<int>("x ", 1); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.ActivityAsync<int>("x", 1, new() { Priority = 9999 }); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.SleepAsync(TimeSpan.FromDays(4000)); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.SleepAsync("later"); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.SleepUntilAsync(DateTimeOffset.MaxValue); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.WaitForAnyAsync([]); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.WaitForAnyAsync([Text, new Signal<int>("text")]); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.WaitForAsync(Text, TimeSpan.FromDays(4000)); });
        Assert.Throws<InvalidOptionException>(() => { _ = _ctx.SideEffectAsync("_x", () => 1); });
        Assert.Empty(_ctx.Issued);
    }

    [Fact]
    public void Sleep_EveryForm_IsIssued()
    {
        _ = _ctx.SleepAsync(TimeSpan.FromHours(1));
        _ = _ctx.SleepAsync("1h30m");
        _ = _ctx.SleepAsync(TimeSpan.FromSeconds(-5));
        _ = _ctx.SleepUntilAsync(DateTimeOffset.UnixEpoch);
        Assert.Equal(["sleep 1h", "sleep 1h30m", "sleep -5s", "sleep until 1970-01-01T00:00:00.0000000+00:00"], _ctx.Issued);
    }

    [Fact]
    public async Task StartTimer_Cancel_CancelsItsOperation()
    {
        TaskCompletionSource<Unit> operation = _ctx.Expect<Unit>();
        TimerHandle timer = _ctx.StartTimer(TimeSpan.FromHours(1));
        timer.Cancel();
        Assert.Same(operation.Task, Assert.Single(_ctx.Cancelled));
        operation.SetResult(default);
        await timer.Elapsed;
    }

    [Fact]
    public async Task WaitForAsync_Received_IsThePayload()
    {
        TaskCompletionSource<Received<string>> first = _ctx.Expect<Received<string>>();
        TaskCompletionSource<Received<int>> second = _ctx.Expect<Received<int>>();
        Task<string> text = _ctx.WaitForAsync(Text);
        Task<int> number = _ctx.WaitForAsync(Number, TimeSpan.FromSeconds(1), 7);
        first.SetResult(new(true, "hello"));
        second.SetResult(new(true, 5));
        Assert.Equal("hello", await text);
        Assert.Equal(5, await number);
        Assert.Equal(["wait text", "wait number 00:00:01"], _ctx.Issued);
    }

    [Fact]
    public async Task WaitForAsync_TimedOut_IsNullOrTheDefault()
    {
        _ctx.Expect<Received<string>>().SetResult(default);
        _ctx.Expect<Received<string>>().SetResult(default);
        _ctx.Expect<Received<string?>>().SetResult(default);
        _ctx.Expect<Received<int>>().SetResult(default);
        _ctx.Expect<Received<int>>().SetResult(default);
        Assert.Null(await _ctx.WaitForAsync(Text, TimeSpan.FromSeconds(1)));
        // A default of type string must not be taken for the hidden file name.
        Assert.Equal("nothing", await _ctx.WaitForAsync(Text, TimeSpan.FromSeconds(1), "nothing"));
        Assert.Null(await _ctx.WaitForAsync(new Signal<string?>("text"), TimeSpan.FromSeconds(1), null));
        Assert.Equal(7, await _ctx.WaitForAsync(Number, TimeSpan.FromSeconds(1), 7));
        (bool received, int value) = await _ctx.TryWaitForAsync(Number, TimeSpan.Zero);
        Assert.Equal((false, 0), (received, value));
    }

    [Fact]
    public async Task WaitForAsync_Cancelled_ThrowsWhatTheRuntimeChose()
    {
        var chosen = new WorkflowCancelledException("stop", CancellationCause.Request);
        TaskCompletionSource<Received<string>> faulted = _ctx.Expect<Received<string>>();
        TaskCompletionSource<Received<string>> cancelled = _ctx.Expect<Received<string>>();
        Task<string> first = _ctx.WaitForAsync(Text);
        Task<string> second = _ctx.WaitForAsync(Text);
        faulted.SetException(chosen);
        cancelled.SetCanceled();
        Assert.Same(chosen, await Assert.ThrowsAsync<WorkflowCancelledException>(() => first));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
    }

    [Fact]
    public async Task WaitForAsync_Completed_ContinuesInline()
    {
        TaskCompletionSource<Received<string>> operation = _ctx.Expect<Received<string>>();
        Task<string> wait = _ctx.WaitForAsync(Text);
        Task<int> thread = ThreadThatContinuesAsync(wait);
        // As the engine completes operations: with no context current.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        operation.SetResult(new(true, "x"));
        SynchronizationContext.SetSynchronizationContext(context);
        int here = Environment.CurrentManagedThreadId;
        Assert.True(thread.IsCompleted);
        Assert.Equal(here, await thread);

        static async Task<int> ThreadThatContinuesAsync(Task awaited)
        {
            await awaited.ConfigureAwait(false);
            return Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public async Task WaitForAnyAsync_Match_ReadsByDescriptor()
    {
        _ctx.Expect<SignalMatch>().SetResult(new SignalMatch(1, Number, 5));
        SignalMatch match = await _ctx.WaitForAnyAsync([Text, Number]);
        Assert.True(match.IsReceived);
        Assert.Equal((1, "number"), (match.Index, match.Name));
        Assert.False(match.Is(Text, out _));
        Assert.True(match.Is(Number, out int value));
        Assert.Equal(5, value);
        Assert.True(match.Is(new Signal<int>("number"), out _));
        Assert.Throws<InvalidOptionException>(() => match.Is(new Signal<long>("number"), out _));
        Assert.Equal("wait any text,number", _ctx.Issued[0]);

        Assert.False(SignalMatch.TimedOut.IsReceived);
        Assert.Equal((-1, (string?)null), (SignalMatch.TimedOut.Index, SignalMatch.TimedOut.Name));
        Assert.False(SignalMatch.TimedOut.Is(Text, out _));
        Assert.True(new SignalMatch(0, Text, null).Is(Text, out string? none));
        Assert.Null(none);
    }

    [Fact]
    public void Signal_Decode_UsesItsOwnType()
    {
        Assert.Equal(5, Number.Decode(PayloadCodec.Default, "5"u8));
        Assert.Throws<UndecodablePayloadException>(() => Number.Decode(PayloadCodec.Default, "\"x\""u8));
    }

    [Fact]
    public async Task ActivityHandle_Limit_LeavesTheActivityAwaitable()
    {
        TaskCompletionSource<int> activity = _ctx.Expect<int>();
        _ctx.Expect<bool>().SetResult(false);
        _ctx.Expect<bool>().SetResult(true);
        ActivityHandle<int> handle = _ctx.StartActivity<int>("resize", 1);
        WaitLimitException error = await Assert.ThrowsAsync<WaitLimitException>(() => handle.ResultAsync(TimeSpan.FromSeconds(5)));
        Assert.IsAssignableFrom<TimeoutException>(error);
        Assert.Equal((ErrorCodes.WaitLimit, TimeSpan.FromSeconds(5)), (error.Code, error.Limit));
        activity.SetResult(9);
        Assert.Equal(9, await handle.ResultAsync());
        Assert.Equal(9, await handle.ResultAsync(TimeSpan.Zero));
        handle.Cancel();
        Assert.Same(activity.Task, Assert.Single(_ctx.Cancelled));
        Assert.Equal(["activity resize -> Int32", "limit 5s", "limit 0s"], _ctx.Issued);
    }

    [Fact]
    public async Task WhenAllAsync_Tuples_KeepTheirOrder()
    {
        Assert.Equal((1, "b"), await _ctx.WhenAllAsync(Task.FromResult(1), Task.FromResult("b")));
        Assert.Equal((1, 2, 3), await _ctx.WhenAllAsync(Task.FromResult(1), Task.FromResult(2), Task.FromResult(3)));
        Assert.Equal((1, 2, 3, 4), await _ctx.WhenAllAsync(Task.FromResult(1), Task.FromResult(2), Task.FromResult(3), Task.FromResult(4)));
        int[] both = await _ctx.WhenAllAsync([Task.FromResult(1), Task.FromResult(2)]);
        Assert.Equal([1, 2], both);
        Assert.Empty(await _ctx.WhenAllAsync(Array.Empty<Task<int>>()));
    }

    [Fact]
    public async Task WhenAnyAsync_CancelLosers_CancelsTheOperationsBehindThem()
    {
        TaskCompletionSource<Received<string>> wait = _ctx.Expect<Received<string>>();
        TaskCompletionSource<string> activity = _ctx.Expect<string>();
        Task<(int Index, string Value)> any = _ctx.WhenAnyAsync(
            [_ctx.WaitForAsync(Text), _ctx.ActivityAsync<string>("a")], cancelLosers: true);
        activity.SetResult("won");
        Assert.Equal((1, "won"), await any);
        Assert.Same(wait.Task, Assert.Single(_ctx.Cancelled));
        Assert.Equal("WorkflowContextTests.cs", _ctx.Sources[^1].ToString().Split(':')[0]);
    }

    [Fact]
    public async Task WhenAnyAsync_Default_LeavesLosersAlone()
    {
        TaskCompletionSource<Unit> sleep = _ctx.Expect<Unit>();
        Assert.Equal(0, await _ctx.WhenAnyAsync([Task.CompletedTask, _ctx.SleepAsync("1h")]));
        Assert.Empty(_ctx.Cancelled);
        Assert.False(sleep.Task.IsCompleted);
        await Assert.ThrowsAsync<IOException>(() => _ctx.WhenAnyAsync([Task.FromException<int>(new IOException())]));
        await Assert.ThrowsAsync<InvalidOptionException>(() => _ctx.WhenAnyAsync(Array.Empty<Task>()));
    }

    private static TaskCompletionSource<int>[] Gates(int count) =>
        [.. Enumerable.Range(0, count).Select(_ => new TaskCompletionSource<int>())];

    [Fact]
    public async Task ForEachAsync_Bounded_StartsInOrderAndKeepsResultsInOrder()
    {
        TaskCompletionSource<int>[] gates = Gates(7);
        var begun = new List<int>();
        Task<IReadOnlyList<int>> all = _ctx.ForEachAsync(Enumerable.Range(0, 7), i =>
        {
            begun.Add(i);
            return gates[i].Task;
        }, maxParallel: 3);
        Assert.Equal([0, 1, 2], begun);
        gates[1].SetResult(10);
        Assert.Equal([0, 1, 2, 3], begun);
        gates[3].SetResult(30);
        gates[0].SetResult(0);
        Assert.Equal([0, 1, 2, 3, 4, 5], begun);
        gates[6].SetResult(60);
        gates[2].SetResult(20);
        gates[5].SetResult(50);
        Assert.False(all.IsCompleted);
        gates[4].SetResult(40);
        IReadOnlyList<int> results = await all;
        Assert.Equal([0, 10, 20, 30, 40, 50, 60], results);
    }

    [Fact]
    public async Task ForEachAsync_Failure_BeginsNothingMoreAndThrowsTheFirst()
    {
        TaskCompletionSource<int>[] gates = Gates(5);
        var begun = new List<int>();
        Task<IReadOnlyList<int>> all = _ctx.ForEachAsync(Enumerable.Range(0, 5), i =>
        {
            begun.Add(i);
            return gates[i].Task;
        }, maxParallel: 2);
        gates[1].SetException(new IOException("first"));
        Assert.False(all.IsCompleted);
        gates[0].SetException(new IOException("second"));
        Assert.Equal("first", (await Assert.ThrowsAsync<IOException>(() => all)).Message);
        Assert.Equal([0, 1], begun);
        await Assert.ThrowsAsync<InvalidOptionException>(() => _ctx.ForEachAsync([1], Task.FromResult, maxParallel: 0));
        Assert.Empty(await _ctx.ForEachAsync(Array.Empty<int>(), Task.FromResult));
    }

    [Fact]
    public async Task ShieldAsync_Body_RunsInsideAndTheOuterStateComesBack()
    {
        int depth = await _ctx.ShieldAsync(async () =>
        {
            await _ctx.ShieldAsync(() => Task.CompletedTask);
            return _ctx.ShieldDepth;
        });
        Assert.Equal(1, depth);
        await Assert.ThrowsAsync<IOException>(() => _ctx.ShieldAsync(() => throw new IOException()));
        Assert.Equal(0, _ctx.ShieldDepth);
    }

    [Fact]
    public async Task PublishAndSideEffect_AreIssued()
    {
        _ctx.Publish(new Published<int>("stage"), 3);
        Assert.Equal(4, await _ctx.SideEffectAsync("flag", () => 4));
        Assert.Equal(["publish stage 3", "side effect flag"], _ctx.Issued);
    }
}
