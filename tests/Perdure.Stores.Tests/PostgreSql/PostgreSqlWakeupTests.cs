using System.Collections.Concurrent;
using Npgsql;
using Perdure.PostgreSql.Wakeups;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;
using Perdure.Testing.Shared.Postgres;

namespace Perdure.Stores.Tests.PostgreSql;

public sealed class PostgreSqlWakeupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [PostgresFact]
    public async Task Wake_InOneProcess_ReachesTheOtherAndAlsoItself()
    {
        using var database = new TestDatabase();
        await using var one = await database.OpenAsync();
        await using var two = await database.OpenAsync();
        using var here = new SemaphoreSlim(0);
        using var there = new SemaphoreSlim(0);
        using var first = one.Wakeups.Subscribe(() => here.Release());
        using var second = two.Wakeups.Subscribe(() => there.Release());
        await ListeningAsync(one, two);
        await DrainAsync(there);

        one.Wakeups.Wake();

        Assert.True(await here.WaitAsync(Patience));
        Assert.True(await there.WaitAsync(Patience));
    }

    [PostgresFact]
    public async Task AnEnd_IsHeardByThoseWhoWaitForEnds_AndWakesNoWorker()
    {
        using var database = new TestDatabase();
        await using var one = await database.OpenAsync();
        await using var two = await database.OpenAsync();
        using var worker = new SemaphoreSlim(0);
        using var waiter = new SemaphoreSlim(0);
        using var first = two.Wakeups.Subscribe(() => worker.Release());
        using var second = two.Wakeups.SubscribeToEnds(() => waiter.Release());
        var owner = await Some.WorkerAsync(one);
        await owner.CommitAsync(Some.Owned(Make.Birth(1)));
        await ListeningAsync(one, two);
        await DrainAsync(worker);
        await DrainAsync(waiter);

        Assert.True((await owner.WriteAsync(new Holding(1, term: 1, next: 1).Bundle(close: RunStatus.Completed))).Closed);

        Assert.True(await waiter.WaitAsync(Patience));
        Assert.Equal(0, worker.CurrentCount);
    }

    [PostgresFact]
    public async Task AnEnd_IsToldOnlyAsLongAsSomebodyElseWaitsForEnds()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync();
        using var subscription = store.Wakeups.Subscribe(static () => { });
        var owner = await Some.WorkerAsync(store);
        await owner.CommitAsync(Some.Owned(Make.Birth(1)), Some.Owned(Make.Birth(2)));
        await using var listener = new NpgsqlConnection(database.ConnectionString);
        await listener.OpenAsync();
        var heard = new ConcurrentQueue<string>();
        listener.Notification += (_, hint) => heard.Enqueue(hint.Payload);
        await ExecuteAsync(listener, "LISTEN \"perdure perdure\"");
        var wakeups = (PostgreSqlWakeups)store.Wakeups;
        // Nobody answers the question who waits.
        await PostgreSqlLivenessTests.UntilAsync(() => Task.FromResult(wakeups.AudienceOf(HintKind.Ends) == HintKind.None));

        await owner.WriteAsync(new Holding(1, term: 1, next: 1).Bundle(close: RunStatus.Completed));
        wakeups.Wake();
        await HearAsync(HintKind.Work);
        Assert.DoesNotContain(heard, hint => Is(hint, HintKind.Ends));

        await ExecuteAsync(listener, "NOTIFY \"perdure perdure\", '8 somebody else'");
        await PostgreSqlLivenessTests.UntilAsync(() => Task.FromResult(wakeups.AudienceOf(HintKind.Ends) == HintKind.Ends));
        await owner.WriteAsync(new Holding(2, term: 1, next: 1).Bundle(close: RunStatus.Completed));
        await HearAsync(HintKind.Ends);

        static bool Is(string hint, HintKind kind) => (HintText.Read(hint, "nobody") & kind) != 0;
        async Task HearAsync(HintKind kind)
        {
            while (!heard.Any(hint => Is(hint, kind))) Assert.True(await listener.WaitAsync(Patience));
        }
    }

    [PostgresFact]
    public async Task B01_AfterTheSessionWasLost_EverybodyLooksAtEverything()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync();
        using var woken = new SemaphoreSlim(0);
        using var subscription = store.Wakeups.Subscribe(() => woken.Release());
        await ListeningAsync(store);
        await DrainAsync(woken);

        database.Break();

        // Once when it is lost, once when it is there again.
        Assert.True(await woken.WaitAsync(Patience));
        Assert.True(await woken.WaitAsync(Patience));
        await ListeningAsync(store);
    }

    [PostgresFact]
    public async Task I43_APoolOfTwo_IsEnoughForManyAtOnce()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync(pool: 2);
        using var subscription = store.Wakeups.Subscribe(static () => { });
        await ListeningAsync(store);

        var blocks = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => store.ReserveKeysAsync(2, Make.Never)));

        Assert.Equal(50, blocks.Select(block => block.First).Distinct().Count());
    }

    [PostgresFact]
    public async Task WithoutNotifications_HintsStayInTheProcess()
    {
        using var database = new TestDatabase();
        await using var store = await database.OpenAsync(static options => options.Notifications = false);
        var count = 0;
        using (store.Wakeups.Subscribe(() => Interlocked.Increment(ref count))) store.Wakeups.Wake();
        store.Wakeups.Wake();

        Assert.Equal(1, count);
        Assert.False(store.Wakeups.HearsAll);
    }

    private static Task ListeningAsync(params IPerdureStore[] stores) =>
        PostgreSqlLivenessTests.UntilAsync(() => Task.FromResult(stores.All(store => store.Wakeups.HearsAll)));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Forgets the hints that every beginning of listening gives.</summary>
    private static async Task DrainAsync(SemaphoreSlim hints)
    {
        while (await hints.WaitAsync(TimeSpan.FromMilliseconds(200))) { }
    }
}
