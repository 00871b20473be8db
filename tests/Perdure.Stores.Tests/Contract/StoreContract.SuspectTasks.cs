using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Tasks whose attempts lose their workers again and again are given out sparingly.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ClaimTasks_Suspects_AreTakenOnlySparingly()
    {
        await StartSuspectsAsync(Make.Task(1), Make.Task(2), Make.Task(3));
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(4, due: Now), Make.Task(5, due: In(80)));

        // Those that are passed over do not count as due: whoever runs the first asks again when it has ended.
        var first = await ClaimAsync(worker, free: 10, suspects: 1);
        Assert.Equal(("1 4", In(80)), (Operations(first), first.NextDue));
        Assert.Equal(2, first.Tasks[0].Crashes);
        var none = await ClaimAsync(worker, free: 10, suspects: 0);
        Assert.Equal((0, In(80)), (none.Tasks.Count, none.NextDue));
        // One more could be taken, and is due, but there is no slot for it.
        var other = await RegisterAsync();
        var one = await ClaimAsync(other, free: 1, suspects: 2);
        Assert.Equal(("2", Instant.Never), (Operations(one), one.NextDue));
        var rest = await ClaimAsync(other, free: 10, suspects: 2);
        Assert.Equal(("3", In(80)), (Operations(rest), rest.NextDue));
    }

    [Fact]
    public async Task ClaimTasks_SuspectsInFrontOfOthers_DoNotTakeTheirPlaces()
    {
        await StartSuspectsAsync(Make.Task(1, priority: 3), Make.Task(2), Make.Task(3), Make.Task(4));
        var worker = await RegisterAsync();
        NewTask[] others = [Make.Task(5, due: Now), Make.Task(6, due: Now), Make.Task(7, priority: -1, due: Now)];
        await StartWithTasksAsync(worker, others);

        Assert.Equal("1 2 5", Operations(await ClaimAsync(worker, free: 3, suspects: 2)));
        Assert.Equal("6 7", Operations(await ClaimAsync(worker, free: 2, suspects: 0)));
        Assert.Equal("3 4", Operations(await ClaimAsync(worker, free: 2, suspects: 2)));
    }

    [Fact]
    public async Task ClaimTasks_SuspectsOfSeveralQueues_ShareTheirLimit()
    {
        await StartSuspectsAsync(Make.Task(1), Make.Task(2, queue: "print"), Make.Task(3), Make.Task(4, queue: "print"));

        var claim = await (await RegisterAsync()).ClaimTasksAsync([new("mail", 10), new("print", 10)], suspects: 3);
        Assert.Equal("1 3 2", Operations(claim));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(60, 0)]
    [InlineData(60, 9)]
    public async Task ClaimTasks_SuspectsInALimitedQueue_AreTakenOnlySparinglyAndTakeNobodysPlace(int ageAfter, int maxPerKey)
    {
        await StartSuspectsAsync(Make.Task(1), Make.Task(2, priority: 1), Make.Task(3), Make.Task(4));
        await Store.ChangeQueueAsync(new("mail") { MaxConcurrency = 3, MaxPerKey = maxPerKey, AgeAfter = TimeSpan.FromSeconds(ageAfter) }, Make.Never);
        var worker = await RegisterAsync();
        await StartWithTasksAsync(worker, Make.Task(5, due: Now), Make.Task(6, due: Now));

        var first = await ClaimAsync(worker, free: 2, suspects: 1);
        Assert.Equal("2 5", Operations(first));
        Assert.All(first.Tasks, task => Assert.True(task.HoldsSlot));
        var second = await ClaimAsync(worker, free: 2, suspects: 0);
        Assert.Equal(("6", Instant.Never), (Operations(second), second.NextDue));
    }

    [Fact]
    public async Task ClaimTasks_ExpiredSuspects_CountForNothing()
    {
        await StartSuspectsAsync(Make.Task(1, startDeadline: In(60)), Make.Task(2, startDeadline: In(60)), Make.Task(3));
        Pass(60);

        var claim = await ClaimAsync(await RegisterAsync(), free: 10, suspects: 1);
        Assert.Equal([(1, true), (2, true), (3, false)], claim.Tasks.Select(task => (task.Attempt.Operation, task.Expired)));
    }

    /// <summary>Starts a run whose tasks have lost two workers, and may be taken again.</summary>
    private async Task StartSuspectsAsync(params NewTask[] tasks)
    {
        var owner = await RegisterAsync();
        await StartWithTasksAsync(owner, tasks);
        QueueSlots[] slots = [.. tasks.Select(task => task.Queue).Distinct().Select(queue => new QueueSlots(queue, 100))];
        for (var loss = 1; loss <= 2; loss++)
        {
            Assert.Equal(tasks.Length, (await (await RegisterAsync()).ClaimTasksAsync(slots)).Tasks.Count);
            await KillAllAsync();
        }
        Pass(1);
    }

    private static Task<ClaimedTasks> ClaimAsync(TestWorker worker, int free, int suspects) => worker.ClaimTasksAsync([new("mail", free)], suspects: suspects);

    private static string Operations(ClaimedTasks claim) => string.Join(' ', claim.Tasks.Select(task => task.Attempt.Operation));
}
