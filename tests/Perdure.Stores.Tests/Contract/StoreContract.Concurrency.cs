using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Many callers at once, on several handles of the same data.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task N1_FiftyConcurrentStartsUnderOneKey_MakeOneRun()
    {
        IPerdureStore[] stores = [Store, await OpenAnotherAsync(), await OpenAnotherAsync()];
        var keys = (await Store.ReserveKeysAsync(50, Make.Never)).First;
        var outcomes = await InParallel(50, async i =>
            Assert.Single(await stores[i % stores.Length].StartRunsAsync([Make.Birth(keys + i, startKey: "k")], Make.Never)));

        Assert.Single(outcomes, outcome => outcome.Verdict == BirthVerdict.Created);
        Assert.Equal(49, outcomes.Count(outcome => outcome.Verdict == BirthVerdict.Existing));
        Assert.Single(outcomes.Select(outcome => (outcome.Key, outcome.Id)).Distinct());
        Assert.Equal(outcomes[0].Id, Assert.Single((await Store.ListRunsAsync(new(), Make.Never)).Runs).Id);
    }

    [Fact]
    public async Task N1_ConcurrentStartsThroughGroupsAndCalls_MakeOneRunForEachKey()
    {
        IPerdureStore[] stores = [Store, await OpenAnotherAsync()];
        var keys = (await Store.ReserveKeysAsync(40, Make.Never)).First;
        var outcomes = await InParallel(40, async i =>
        {
            var store = stores[i % 2];
            var birth = Make.Birth(keys + i, startKey: $"k{i % 4}");
            if (i % 8 < 4) return Assert.Single(await store.StartRunsAsync([birth], Make.Never));
            return (await (await RegisterAsync(store)).WriteAsync(new() { Run = birth.Key, Birth = birth })).Birth;
        });

        Assert.Equal(4, outcomes.Count(outcome => outcome.Verdict == BirthVerdict.Created));
        Assert.Equal(4, outcomes.Select(outcome => outcome.Key).Distinct().Count());
    }

    [Fact]
    public async Task M1_TwoClaimersOfFortyTasks_TakeDisjointSets()
    {
        var other = await OpenAnotherAsync();
        var (first, second) = (await RegisterAsync(), await RegisterAsync(other));
        await StartWithTasksAsync(first, [.. Enumerable.Range(0, 40).Select(i => Make.Task(i))]);
        var claims = await InParallel(2, i => (i == 0 ? first : second).ClaimTasksAsync(free: 30));

        Assert.Equal(40, claims.Sum(claim => claim.Tasks.Count));
        Assert.Equal(40, claims.SelectMany(claim => claim.Tasks).Select(task => task.Attempt.Operation).Distinct().Count());
        Assert.All(claims, claim => Assert.InRange(claim.Tasks.Count, 10, 30));
    }

    [Fact]
    public async Task M1_ManyClaimersOfRuns_TakeEachRunOnce()
    {
        IPerdureStore[] stores = [Store, await OpenAnotherAsync(), await OpenAnotherAsync()];
        var keys = (await Store.ReserveKeysAsync(120, Make.Never)).First;
        await Store.StartRunsAsync([.. Enumerable.Range(0, 120).Select(i => Make.Birth(keys + i))], Make.Never);
        var taken = await InParallel(6, async i =>
        {
            var worker = await RegisterAsync(stores[i % stores.Length]);
            var runs = new List<long>();
            while ((await worker.ClaimRunsAsync(limit: 7, suspects: 7, "default")) is { Runs.Count: > 0 } claimed)
            {
                runs.AddRange(claimed.Runs.Select(run => run.Row.Key));
                Assert.All(claimed.Runs, run => Assert.Equal((worker.Key, 1), (run.Row.Owner, run.Row.Term)));
            }
            return runs;
        });

        Assert.Equal(Enumerable.Range(0, 120).Select(i => keys + i), taken.SelectMany(runs => runs).Order());
    }

    [Fact]
    public async Task PostMessages_ManySendersAtOnce_GetEachAPositionOfTheirOwn()
    {
        IPerdureStore[] stores = [Store, await OpenAnotherAsync()];
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        var outcomes = await InParallel(60, async i =>
            Assert.Single(await stores[i % 2].PostMessagesAsync([Make.Message(run.Run, $"m{i / 2}")], Make.Never)));

        Assert.Equal(30, outcomes.Count(outcome => outcome.Verdict == PostVerdict.Accepted));
        Assert.Equal(30, outcomes.Count(outcome => outcome.Verdict == PostVerdict.Duplicate));
        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never));
        Assert.Equal(30, inbox.Counter);
        Assert.Equal(Enumerable.Range(1, 30).Select(i => (long)i), inbox.Messages.Select(message => message.Position));
    }

    [Fact]
    public async Task Release_AgainstSendersAtOnce_LosesNoMessage()
    {
        var other = await OpenAnotherAsync();
        var worker = await RegisterAsync();
        var key = await StartAsync();
        var run = await worker.ClaimOneAsync();
        var sender = InParallel(1, async _ =>
        {
            for (var i = 0; i < 200; i++)
                Assert.Equal(PostVerdict.Accepted,
                    Assert.Single(await other.PostMessagesAsync([Make.Message(key, $"m{i}")], Make.Never)).Verdict);
            return true;
        });
        var read = new List<string>();
        while (true)
        {
            var inbox = (await Store.ReadMessagesAsync(worker.Key, [key], Make.Never)).SingleOrDefault() ?? new(key, run.Seen, []);
            read.AddRange(inbox.Messages.Select(message => message.Id));
            run.Seen = inbox.Counter;
            var outcome = await worker.WriteAsync(run.Bundle(
                row: Holding.Row(RunStatus.Suspended, Instant.Never), release: true,
                consumed: [.. inbox.Messages.Select(message => message.Position)]));
            if (!outcome.Released) continue;
            if (read.Count == 200) break;
            // Whatever comes after this makes the run due at once; nothing else would ever wake it.
            run = await ClaimSoonAsync();
        }
        await sender;
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"m{i}"), read);

        async Task<Holding> ClaimSoonAsync()
        {
            while (true)
            {
                var everythingIsSent = sender.IsCompleted;
                if ((await worker.ClaimRunsAsync()).Runs is [var claimed]) return Holding.Of(claimed);
                Assert.False(everythingIsSent, "A message was stored for a run that is not due.");
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task Takeover_WhileTheOldOwnerWrites_LetsOnlyOneOfThemWrite()
    {
        var other = await OpenAnotherAsync();
        for (var round = 0; round < 10; round++)
        {
            var old = await RegisterAsync();
            var run = await StartOwnedAsync(old);
            Pass(Lease.TotalSeconds + 1);
            var writer = InParallel(1, async _ =>
            {
                var written = 0;
                while ((await old.CommitAsync(run.Bundle(events: 1, next: 1 + written))).Verdict == GroupVerdict.Committed)
                    Assert.True(++written < 1_000_000, "The old owner goes on writing.");
                return written;
            });
            var heir = new TestWorker(other,
                (await other.RegisterWorkerAsync(new(Guid.NewGuid(), "heir", 1, TimeSpan.FromDays(1)), Make.Never)).Worker);
            await other.FenceDeadWorkersAsync(1000, Make.Never);
            var taken = Assert.Single((await heir.ClaimRunsAsync()).Runs);
            var written = Assert.Single(await writer);

            Assert.Equal((run.Run, 1 + written), (taken.Row.Key, taken.Row.Events));
            await CloseAsync(heir, Holding.Of(taken));
        }
    }

    /// <summary>Runs an action on threads of its own, all of which begin together.</summary>
    private static async Task<T[]> InParallel<T>(int count, Func<int, Task<T>> action)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var tasks = Enumerable.Range(0, count).Select(i => Task.Run(async () =>
        {
            await gate.Task;
            return await action(i);
        })).ToArray();
        gate.SetResult();
        return await Task.WhenAll(tasks);
    }
}
