using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Taking tasks off their queues from outside.</summary>
public abstract partial class StoreContract
{
    private Task<IReadOnlyList<QueuedTask>> WaitingAsync(string queue = "mail", int limit = 500, TaskAttempt? after = null) =>
        Store.ListTasksAsync(new TaskQuery(queue) { Limit = limit, After = after }, Make.Never);

    private Task<IReadOnlyList<bool>> WithdrawAsync(params TaskAttempt[] tasks) =>
        Store.WithdrawTasksAsync([.. tasks.Select(static task => Make.Completion(task, $"withdrawn {task.Operation}.{task.Token}"))], Make.Never);

    [Fact]
    public async Task ListTasks_WhatIsDueAndNobodyHas_ComesNewestRunFirst_PageByPage()
    {
        var worker = await RegisterAsync();
        var first = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2, due: In(5)), Make.Task(3, queue: "print"), Make.Task(4, claimed: true), Make.Task(5, tokensUsed: 70, activity: "scan"));
        var second = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(9));
        QueuedTask[] all = [new(new(second.Run, 9, 0), "send"), new(new(second.Run, 1, 0), "send"), new(new(first.Run, 5, 70), "scan"), new(new(first.Run, 1, 0), "send")];

        Assert.Equal(all, await WaitingAsync());
        Assert.Equal(all[..3], await WaitingAsync(limit: 3));
        Assert.Equal(all[2..], await WaitingAsync(limit: 3, after: all[1].Last));
        Assert.Equal(all[3..], await WaitingAsync(after: all[2].Last));
        Assert.Empty(await WaitingAsync(after: all[3].Last));
        Assert.Empty(await WaitingAsync("nobody"));
        // What a rule of the queue holds back waits too.
        await Store.ChangeQueueAsync(new QueueChange("mail") { Paused = true }, Make.Never);
        Pass(5);
        Assert.Equal([9, 1, 5, 2, 1], (await WaitingAsync()).Select(static task => task.Last.Operation));
    }

    [Fact]
    public async Task WithdrawTasks_ThatWait_AreGone_AndTheirRunsAreTold()
    {
        var worker = await RegisterAsync();
        var (run, other) = (await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2), Make.Task(3)), await StartWithTasksAsync(worker, Make.Task(1)));
        await worker.WriteAsync(other.Release(RunStatus.Suspended, Instant.Never));

        Assert.Equal([true, true, true], await WithdrawAsync(new(run.Run, 1, 0), new(other.Run, 1, 0), new(run.Run, 3, 0)));
        Assert.Equal([2], (await worker.ClaimTasksAsync()).Tasks.Select(static task => task.Attempt.Operation));
        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, [run.Run], Make.Never));
        Assert.Equal([(MessageKind.TaskResult, "withdrawn 1.0"), (MessageKind.TaskResult, "withdrawn 3.0")], inbox.Messages.Select(static message => (message.Kind, message.Id)));
        Assert.Equal("payload of withdrawn 1.0", Make.Text(inbox.Messages[0].Payload));
        // Whoever was suspended is due.
        var woken = Assert.Single((await worker.ClaimRunsAsync()).Runs);
        Assert.Equal((other.Run, "withdrawn 1.0"), (woken.Row.Key, Assert.Single(woken.Messages).Id));
    }

    [Fact]
    public async Task WithdrawTasks_Repeated_SaysTheSameAsLongAsTheMessageIsUnread_AndTellsNobodyTwice()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        var task = new TaskAttempt(run.Run, 1, 0);

        Assert.Equal([true], await WithdrawAsync(task));
        Assert.Equal([true], await WithdrawAsync(task));
        Assert.Equal(1, (await ReadAsync(run.Run)).Inbox);
        run.Seen = 1;
        await worker.WriteAsync(run.Bundle(events: 1, consumed: [1]));
        run.Next++;
        Assert.Equal([false], await WithdrawAsync(task));
        // Nor does a late copy reach the next task of the operation.
        await worker.WriteAsync(run.Bundle(newTasks: [Make.Task(1, tokensUsed: 900)]));
        Assert.Equal([false], await WithdrawAsync(task));
        Assert.Single(await WaitingAsync());
        Assert.Empty(await Store.WithdrawTasksAsync([], Make.Never));
    }

    [Fact]
    public async Task WithdrawTasks_ThatSomebodyHas_OrHasHad_StayAsTheyAre()
    {
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        var task = Assert.Single((await other.ClaimTasksAsync()).Tasks).Attempt;

        Assert.Equal([false, false, false], await WithdrawAsync(new(run.Run, 1, 0), task, new(run.Run, 2, 0)));
        await Store.RetireWorkerAsync(other.Key, Make.Never);
        // It was given back: whoever has seen it before somebody had it is too late.
        Assert.Equal([false], await WithdrawAsync(new TaskAttempt(run.Run, 1, 0)));
        Assert.Equal(0, (await ReadAsync(run.Run)).Inbox);
        Assert.Equal([true], await WithdrawAsync((await WaitingAsync())[0].Last));
    }

    [Fact]
    public async Task WithdrawTasks_BesideTheRunsOwnWithdrawal_IsToldByTheMessageOnly()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1), Make.Task(2));
        await WithdrawAsync(new TaskAttempt(run.Run, 1, 0));
        var stamp = worker.Stamp();
        var group = new RunGroup(stamp, [run.Bundle(events: 1, cancel: [1, 2])]);

        Assert.Equal([2], Assert.Single((await Store.CommitGroupAsync(group, Make.Never)).Bundles).CancelledTasks);
        worker.Confirm(stamp);
        Assert.Equal([2], Assert.Single((await Store.RecallGroupAsync(group, Make.Never)).Bundles).CancelledTasks);
    }

    [Theory]
    [InlineData(RunStatus.Blocked)]
    [InlineData(RunStatus.Paused)]
    public async Task WithdrawTasks_OfARunThatStandsStill_AreKeptForIt(RunStatus status)
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        await worker.WriteAsync(run.Release(status, Instant.Never));

        Assert.Equal([true], await WithdrawAsync(new TaskAttempt(run.Run, 1, 0)));
        Assert.Empty((await worker.ClaimRunsAsync()).Runs);
        var row = await ReadAsync(run.Run);
        Assert.Equal((status, 1), (row.Status, row.Inbox));
    }

    [Fact]
    public async Task WithdrawTasks_OfARunThatHasEnded_AreGoneAndTellNobody()
    {
        var worker = await RegisterAsync();
        var run = await StartWithTasksAsync(worker, Make.Task(1));
        await worker.WriteAsync(run.Bundle(close: RunStatus.Cancelled, keepQueued: true));

        Assert.Equal([true], await WithdrawAsync(Assert.Single(await WaitingAsync()).Last));
        Assert.Empty(await WaitingAsync());
        Assert.Equal(0, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task WithdrawTasks_WhileWorkersTakeThem_EachGoesToOneOfThem()
    {
        const int count = 60;
        var (worker, other) = (await RegisterAsync(), await RegisterAsync());
        var run = await StartWithTasksAsync(worker, [.. Enumerable.Range(0, count).Select(static i => Make.Task(i))]);
        var waiting = await WaitingAsync();
        Assert.Equal(count, waiting.Count);

        var taken = Task.Run(async () =>
        {
            var operations = new List<int>();
            while ((await other.ClaimTasksAsync(free: 3)).Tasks is { Count: > 0 } tasks) operations.AddRange(tasks.Select(static task => task.Attempt.Operation));
            return operations;
        });
        var withdrawn = new List<int>();
        foreach (var few in waiting.Chunk(4))
        {
            var done = await WithdrawAsync([.. few.Select(static task => task.Last)]);
            for (var i = 0; i < few.Length; i++)
                if (done[i]) withdrawn.Add(few[i].Last.Operation);
        }
        Assert.Equal(Enumerable.Range(0, count), (await taken).Concat(withdrawn).Order());
        Assert.Equal(withdrawn.Count, (await ReadAsync(run.Run)).Inbox);
    }
}
