using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Sqlite;

public sealed class SqliteWakeupTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Subscriber_WhenAnotherConnectionCommits_IsWoken()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        await using var other = await file.OpenAsync();
        using var woken = new SemaphoreSlim(0);
        using var subscription = store.Wakeups.Subscribe(() => woken.Release());

        // Also when that comes before the first look of the watcher.
        await other.ReserveKeysAsync(1, Make.Never);

        Assert.True(await woken.WaitAsync(Patience));
    }

    [Fact]
    public async Task DataVersion_AfterOwnCommits_DoesNotChange()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        await using var other = await file.OpenAsync();
        await store.ReserveKeysAsync(1, Make.Never);
        var before = store.Writer.TryReadDataVersion();

        await store.ReserveKeysAsync(1, Make.Never);
        var own = store.Writer.TryReadDataVersion();
        await other.ReserveKeysAsync(1, Make.Never);
        var foreign = store.Writer.TryReadDataVersion();

        Assert.NotNull(before);
        Assert.Equal(before, own);
        Assert.NotEqual(own, foreign);
    }

    [Fact]
    public async Task Wake_InTheProcess_ReachesSubscribersUntilTheyLeave()
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        var count = 0;
        var subscription = store.Wakeups.Subscribe(() => Interlocked.Increment(ref count));

        store.Wakeups.Wake();
        subscription.Dispose();
        store.Wakeups.Wake();

        Assert.Equal(1, count);
    }
}
