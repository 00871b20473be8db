using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Tasks go to workers that have code for them; what nobody has code for is refused at once.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ClaimTasks_ActivitiesNamed_LeavesTheOthersToWhoHasThem()
    {
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(1, activity: "a", due: In(-3)), Make.Task(2, activity: "b", due: In(-2)), Make.Task(3, activity: "a", due: In(-1)),
            Make.Task(4, activity: "b", due: In(8)), Make.Task(5, activity: "c", due: In(-9), priority: 7), Make.Task(6, activity: "c", due: In(20), startDeadline: In(30)));

        var some = await worker.ClaimTasksAsync([new("mail", 1)], ["a", "z"]);
        Assert.Equal((1, In(30)), (Assert.Single(some.Tasks).Attempt.Operation, some.NextDue));
        var rest = await worker.ClaimTasksAsync([new("mail", 9)], ["b", "a"]);
        Assert.Equal([2, 3], rest.Tasks.Select(task => task.Attempt.Operation));
        // What others must do is nothing to wait for; what expires is.
        Assert.Equal(In(8), rest.NextDue);
        var none = await worker.ClaimTasksAsync([new("mail", 9)], []);
        Assert.Equal((0, In(30)), (none.Tasks.Count, none.NextDue));
        Assert.Equal(5, Assert.Single((await worker.ClaimTasksAsync([new("mail", 9)])).Tasks).Attempt.Operation);
        Pass(31);
        var expired = Assert.Single((await worker.ClaimTasksAsync([new("mail", 9)], [])).Tasks);
        Assert.Equal((6, true), (expired.Attempt.Operation, expired.Expired));
    }

    [Fact]
    public async Task NewTask_ThatNobodyAliveHasCodeFor_BecomesItsRefusal()
    {
        var gone = await RegisterAsync(null, 1, "pay");
        await KillAllAsync();
        await Store.RetireWorkerAsync((await RegisterAsync(null, 1, "pay")).Key, Make.Never);
        var worker = await RegisterAsync(null, 2, "send");
        var run = await StartOwnedAsync(worker);
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, row: Holding.Row(RunStatus.Suspended, Instant.Never), release: true, newTasks:
        [
            Make.Task(1, activity: "pay", ifUnknown: Refusal(run.Run, 1)), Make.Task(2, activity: "send", ifUnknown: Refusal(run.Run, 2)), Make.Task(3, activity: "pay"),
        ]));
        run.Next++;

        // The refusal is an unread message like any other: the run is neither released nor lost.
        Assert.Equal((1L, false), (outcome.Inbox, outcome.Released));
        Assert.Equal(Now, (await ReadAsync(run.Run)).DueAt);
        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, [run.Run], Make.Never));
        Assert.Equal(("unknown 1", MessageKind.TaskResult, 1L), (Assert.Single(inbox.Messages).Id, inbox.Messages[0].Kind, inbox.Messages[0].Position));
        Assert.Equal([2, 3], (await worker.ClaimTasksAsync()).Tasks.Select(task => task.Attempt.Operation));
        Assert.NotEqual(gone.Key, worker.Key);

        // The operation is free: its next task may be made.
        await RegisterAsync(null, 1, "pay");
        run.Seen = 1;
        await worker.WriteAsync(run.Bundle(events: 1, consumed: [1], newTasks: [Make.Task(1, activity: "pay", ifUnknown: Refusal(run.Run, 1))]));
        Assert.Equal(1, Assert.Single((await worker.ClaimTasksAsync()).Tasks).Attempt.Operation);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NewTask_OfABirthThatNobodyHasCodeFor_BecomesItsRefusal(bool closes)
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync());
        var bundle = new Holding(birth.Key, 1, 1).Bundle(close: closes ? RunStatus.Completed : null, newTasks: [Make.Task(1, ifUnknown: Refusal(birth.Key, 1))]);
        var outcome = await worker.WriteAsync(new()
        {
            Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1, Close = bundle.Close, NewTasks = bundle.NewTasks,
        });

        Assert.Equal((BirthVerdict.Created, 1L, false), (outcome.Birth.Verdict, outcome.Inbox, outcome.Closed));
        Assert.Single(Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never)).Messages);
        Assert.Empty((await worker.ClaimTasksAsync()).Tasks);
        Assert.Equal("e0;", await HistoryAsync(birth.Key));
    }

    private static OutgoingMessage Refusal(long run, int operation) => Make.Message(run, $"unknown {operation}", MessageKind.TaskResult);
}
