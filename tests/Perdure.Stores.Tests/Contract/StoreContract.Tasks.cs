using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Taking, ending, returning and watching tasks.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ClaimTasks_DueTask_ComesWithAllThatItsBodyNeeds()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(3, used: 4, closeDeadline: In(900)) with { Details = Make.Bytes("[9]") });
        var claim = await worker.ClaimTasksAsync();

        Assert.Equal((false, Instant.Never, Now), (claim.Fenced, claim.NextDue, claim.Now));
        var task = Assert.Single(claim.Tasks);
        Assert.Equal((new TaskAttempt(run.Run, 3, 1), (await ReadAsync(run.Run)).Id, 5, 0, false),
            (task.Attempt, task.RunId, task.Number, task.Crashes, task.Expired));
        Assert.Equal(("send", "mail", "input 3", "{}", "[9]", In(900)), (
            task.Activity, task.Queue, Make.Text(task.Input), Make.Text(task.Options), Make.Text(task.Details), task.CloseDeadline));
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
    }

    [Fact]
    public async Task ClaimTasks_SeveralQueues_FillsTheirSlotsByPriorityThenDueThenKey()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(
            worker, Make.Task(1, due: In(-1)), Make.Task(2, due: In(-5)), Make.Task(3, priority: 2), Make.Task(4, due: In(-5)),
            Make.Task(5, due: In(7)),
            Make.Task(6, queue: "print", due: In(-4)), Make.Task(7, queue: "print", due: In(-3)), Make.Task(8, queue: "other"));

        var claim = await worker.ClaimTasksAsync([new("print", 1), new("mail", 3), new("none", 4)]);
        Assert.Equal([6, 3, 2, 4], claim.Tasks.Select(task => task.Attempt.Operation));
        Assert.All(claim.Tasks, task => Assert.Equal((run.Run, 1), (task.Attempt.Run, task.Attempt.Token)));
        // Nobody asks again for a queue whose slots are taken: the end of an attempt tells that one is free.
        Assert.Equal(Instant.Never, claim.NextDue);
        var rest = await worker.ClaimTasksAsync([new("print", 9), new("mail", 9)]);
        Assert.Equal([7, 1], rest.Tasks.Select(task => task.Attempt.Operation));
        Assert.Equal(In(7), rest.NextDue);
        Assert.Empty((await worker.ClaimTasksAsync([new("other", 0)])).Tasks);
    }

    [Fact]
    public async Task ClaimTasks_BornClaimed_IsNotQueuedAndHasTokenOne()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1, claimed: true));

        Assert.Empty((await (await RegisterAsync()).ClaimTasksAsync()).Tasks);
        Assert.Equal([true], (await worker.CompleteAsync(Make.Completion(new(run.Run, 1, 1)))).Accepted);
    }

    [Fact]
    public async Task ClaimTasks_WaitedTooLong_ComesExpiredWhateverTheQueue()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(
            worker, Make.Task(1, queue: "nobody", startDeadline: In(3)), Make.Task(2, queue: "nobody", closeDeadline: In(2)),
            Make.Task(3, due: In(60), startDeadline: In(2.5)),
            Make.Task(4, startDeadline: In(9)), Make.Task(5, queue: "nobody"));
        Pass(3);

        var claim = await worker.ClaimTasksAsync([new("mail", 0)]);
        Assert.Equal([2, 3, 1], claim.Tasks.Select(task => task.Attempt.Operation));
        Assert.All(claim.Tasks, task => Assert.True(task.Expired));
        var inTime = Assert.Single((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal((4, false), (inTime.Attempt.Operation, inTime.Expired));
        // A task that was taken in time does not expire any more.
        Pass(30);
        Assert.Empty((await worker.ClaimTasksAsync([])).Tasks);
    }

    [Fact]
    public async Task ClaimTasks_NothingIsDue_SaysWhenATaskWillBeOrExpires()
    {
        var worker = await RegisterAsync();
        Assert.Equal(Instant.Never, (await worker.ClaimTasksAsync()).NextDue);
        await StartWithTasksAsync(worker, Make.Task(1, due: In(60), priority: 3), Make.Task(2, due: In(40)),
            Make.Task(3, queue: "other", due: In(1)));
        Assert.Equal(In(40), (await worker.ClaimTasksAsync()).NextDue);
        await StartWithTasksAsync(worker, Make.Task(1, due: In(50), startDeadline: In(20)));
        Assert.Equal(In(20), (await worker.ClaimTasksAsync()).NextDue);
    }

    [Fact]
    public async Task ClaimTasks_QueueWithoutAFreeSlot_CountsOnlyWhatExpires()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1, due: In(-5)), Make.Task(2, due: In(-4)), Make.Task(3, due: In(-3), startDeadline: In(30)),
            Make.Task(4, queue: "print", due: In(9)));

        Assert.Equal(In(9), (await worker.ClaimTasksAsync([new("print", 1)])).NextDue);
        var claim = await worker.ClaimTasksAsync([new("mail", 1), new("print", 1)]);
        Assert.Equal((1, In(9)), (Assert.Single(claim.Tasks).Attempt.Operation, claim.NextDue));
        Assert.Equal(In(30), (await worker.ClaimTasksAsync([new("mail", 0)])).NextDue);
    }

    [Fact]
    public async Task ClaimTasks_ManyExpired_ComeInPortions()
    {
        var worker = await RegisterAsync();
        var tasks = Enumerable.Range(0, 150).Select(i => Make.Task(i, queue: i % 2 == 0 ? "a" : "b", startDeadline: In(1 + i * 0.001)));
        await StartWithTasksAsync(worker, [.. tasks]);
        Pass(5);

        // Free slots do not take those that are left over: what has waited too long is never executed.
        var first = await worker.ClaimTasksAsync([new("a", 100)]);
        Assert.Equal(Enumerable.Range(0, 100), first.Tasks.Select(task => task.Attempt.Operation));
        Assert.True(first.NextDue <= Now);
        var second = await worker.ClaimTasksAsync([new("a", 0)]);
        Assert.Equal(Enumerable.Range(100, 50), second.Tasks.Select(task => task.Attempt.Operation));
        Assert.Equal(Instant.Never, second.NextDue);
    }

    [Fact]
    public async Task CompleteTasks_CurrentAttempt_RemovesTheTaskAndPostsItsResult()
    {
        var (owner, runner) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartWithTasksAsync(owner, Make.Task(1));
        await owner.WriteAsync(run.Release(RunStatus.Suspended, Instant.Never));
        var task = Assert.Single((await runner.ClaimTasksAsync()).Tasks);
        Pass(1);
        var report = await runner.CompleteAsync(Make.Completion(task.Attempt, "result"));

        Assert.Equal((false, true), (report.Fenced, Assert.Single(report.Accepted)));
        Assert.Equal((1L, Now), ((await ReadAsync(run.Run)).Inbox, (await ReadAsync(run.Run)).DueAt));
        var message = Assert.Single(Assert.Single((await owner.ClaimRunsAsync()).Runs).Messages);
        Assert.Equal(("result", MessageKind.TaskResult, "payload of result"), (message.Id, message.Kind, Make.Text(message.Payload)));
        Assert.Equal([false], (await runner.CompleteAsync(Make.Completion(task.Attempt, "result"))).Accepted);
        Assert.Equal(1, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task CompleteTasks_LateResultOfALostAttempt_IsRefused()
    {
        var run = await StartWithTasksAsync(await RegisterAsync(), Make.Task(1), Make.Task(2));
        var late = (await (await RegisterAsync()).ClaimTasksAsync(free: 1)).Tasks[0].Attempt;
        await KillAllAsync();
        var (heir, other) = (await RegisterAsync(), await RegisterAsync());
        var current = (await heir.ClaimTasksAsync(free: 9)).Tasks.Single(task => task.Attempt.Operation == late.Operation).Attempt;
        Assert.Equal(late.Token + 1, current.Token);

        Assert.Equal([false], (await heir.CompleteAsync(Make.Completion(late))).Accepted);
        Assert.Equal([false], (await other.CompleteAsync(Make.Completion(current))).Accepted);
        Assert.Equal([true], (await heir.CompleteAsync(Make.Completion(current))).Accepted);
        Assert.Equal(1, (await ReadAsync(run.Run)).Inbox);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CompleteTasks_LateResultOfAnEarlierTaskOfTheOperation_IsRefused(bool claimed)
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1, used: 2, claimed: true, tokensUsed: 100));
        var late = new TaskAttempt(run.Run, 1, 101);
        await worker.WriteAsync(run.Bundle(events: 1, ended: [late], newTasks: [Make.Task(1, used: 3, claimed: claimed, tokensUsed: 5L << 32)]));
        var current = new TaskAttempt(run.Run, 1, (5L << 32) + 1);
        if (!claimed)
        {
            var task = Assert.Single((await worker.ClaimTasksAsync()).Tasks);
            Assert.Equal((current, 4), (task.Attempt, task.Number));
        }

        Assert.Equal([late], (await worker.BeatAsync(new TaskBeat(late, default), new TaskBeat(current, default))).Stop);
        Assert.Equal([false, true], (await worker.CompleteAsync(Make.Completion(late), Make.Completion(current))).Accepted);
    }

    [Fact]
    public async Task CompleteTasks_Mixed_JudgesEachByItself()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1, claimed: true), Make.Task(2, claimed: true), Make.Task(3));
        var report = await worker.CompleteAsync(
            Make.Completion(new(run.Run, 1, 1)), Make.Completion(new(run.Run, 2, 2)), Make.Completion(new(run.Run, 3, 0)),
            Make.Completion(new(run.Run, 2, 1)), Make.Completion(new(run.Run, 1, 1)), Make.Completion(new(run.Run + 99, 1, 1)));

        Assert.Equal([true, false, false, true, false, false], report.Accepted);
        Assert.Equal(2, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task ClaimTasks_AfterLossesAndRetirements_NumbersCountOnlyWhatWasUsed()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1, used: 2, tokensUsed: 40));
        var seen = new List<(long Token, int Number, int Crashes)>();
        for (var i = 0; i < 6; i++)
        {
            var task = Assert.Single((await worker.ClaimTasksAsync()).Tasks);
            seen.Add((task.Attempt.Token, task.Number, task.Crashes));
            if (i % 2 == 0) await Store.RetireWorkerAsync(worker.Key, Make.Never);
            else
            {
                await KillAllAsync();
                // From the second loss on it waits.
                Pass(1);
            }
            worker = await RegisterAsync();
        }
        Assert.Equal([(41, 3, 0), (42, 3, 0), (43, 4, 1), (44, 4, 1), (45, 5, 2), (46, 5, 2)], seen);
    }

    [Fact]
    public async Task BeatTasks_Details_AreKeptForTheNextAttempt()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1));
        var attempt = Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt;
        Assert.Empty((await worker.BeatAsync(new TaskBeat(attempt, Make.Bytes("[1]")))).Stop);
        Assert.Empty((await worker.BeatAsync(new TaskBeat(attempt, default))).Stop);
        await KillAllAsync();

        Assert.Equal("[1]", Make.Text(Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks).Details));
    }

    [Fact]
    public async Task BeatTasks_AttemptThatIsNotCurrent_ShallStopAndStoresNothing()
    {
        var lost = await RegisterAsync();
        var run = await StartWithTasksAsync(lost, Make.Task(1));
        var old = Assert.Single((await lost.ClaimTasksAsync()).Tasks).Attempt;
        await KillAllAsync();
        var heir = await RegisterAsync();
        var current = Assert.Single((await heir.ClaimTasksAsync()).Tasks).Attempt;
        var unknown = new TaskAttempt(run.Run, 9, 1);

        Assert.Equal([old, unknown], (await lost.BeatAsync(new TaskBeat(old, Make.Bytes("[old]")), new TaskBeat(unknown, default))).Stop);
        Assert.Equal([current], (await lost.BeatAsync(new TaskBeat(current, Make.Bytes("[old]")))).Stop);
        Assert.Empty((await heir.BeatAsync(new TaskBeat(current, default))).Stop);
        await KillAllAsync();
        Pass(1);
        Assert.Equal("", Make.Text(Assert.Single((await (await RegisterAsync()).ClaimTasksAsync()).Tasks).Details));
    }

    [Fact]
    public async Task BeatTasks_CancelledAttemptThatWentToAnotherWorker_ShallStopThereToo()
    {
        var (first, second) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartWithTasksAsync(second, Make.Task(1));
        Assert.Single((await first.ClaimTasksAsync()).Tasks);
        await second.WriteAsync(run.Bundle(events: 1, cancel: [1]));
        await Store.RetireWorkerAsync(first.Key, Make.Never);
        var again = Assert.Single((await second.ClaimTasksAsync()).Tasks).Attempt;

        Assert.Equal([again], (await second.BeatAsync(new TaskBeat(again, default))).Stop);
    }
}
