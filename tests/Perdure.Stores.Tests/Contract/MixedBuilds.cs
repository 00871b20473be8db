using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>A further step of a schema, as a later build would bring it along: whether builds before it may go on.</summary>
internal readonly record struct LaterStep(bool LetsOthersGoOn);

/// <summary>Builds of two versions on one database: the present one, and later ones with further steps.</summary>
internal static class MixedBuilds
{
    /// <param name="open">A store, not yet initialized, of the build that has these steps behind all that there are.</param>
    public static async Task OlderAndNewerWorkSideBySideAsync(Func<LaterStep[], IPerdureStore> open)
    {
        await using var older = open([]);
        await older.InitializeAsync(migrate: true, Make.Never);
        var worker = await Some.WorkerAsync(older);
        var (own, shared) = (await KeyAsync(older), await KeyAsync(older));
        await worker.CommitAsync(Some.Owned(Make.Birth(own)), Some.Owned(Make.Birth(shared)));

        // While the older one works.
        await using var newer = open([new(LetsOthersGoOn: true), new(LetsOthersGoOn: true)]);
        await newer.InitializeAsync(migrate: true, Make.Never);
        Assert.Equal(GroupVerdict.Committed, (await worker.CommitAsync(Some.Step(own, 1), Some.Step(shared, 1))).Verdict);
        Assert.True((await older.RenewAsync(worker.Key, Make.Never)).Alive);
        Assert.True((await worker.WriteAsync(new Holding(shared, 1, 2).Bundle(row: Holding.Row(RunStatus.Suspended, Instant.Earliest), release: true))).Released);

        // What one leaves the other takes, there and back.
        var other = await Some.WorkerAsync(newer);
        var taken = await other.ClaimOneAsync();
        Assert.Equal(shared, taken.Run);
        Assert.True((await other.WriteAsync(taken.Bundle(events: 1, row: Holding.Row(RunStatus.Suspended, Instant.Earliest), release: true))).Released);
        Assert.Equal(3, (await worker.ClaimRunsAsync()).Runs.Single().Row.Events);

        // One of the older build that starts now, whether it may migrate or not.
        foreach (var migrate in new[] { false, true })
        {
            await using var late = open([]);
            await late.InitializeAsync(migrate, Make.Never);
            var key = await KeyAsync(late);
            Assert.Equal(BirthVerdict.Created, (await late.StartRunsAsync([Make.Birth(key)], Make.Never))[0].Verdict);
            Assert.NotNull(await newer.ReadRunAsync(new(Key: key), Make.Never));
            await Some.WorkerAsync(late);
        }
    }

    /// <param name="open">As above.</param>
    /// <param name="version">The version of the present build.</param>
    public static async Task AnOlderOneThatMayNotGoOnIsShutOutAsync(Func<LaterStep[], IPerdureStore> open, int version)
    {
        await using var older = open([]);
        await older.InitializeAsync(migrate: true, Make.Never);
        var worker = await Some.WorkerAsync(older);
        var run = await KeyAsync(older);
        await worker.CommitAsync(Some.Owned(Make.Birth(run)));

        await using var newer = open([new(LetsOthersGoOn: false), new(LetsOthersGoOn: true)]);
        await newer.InitializeAsync(migrate: true, Make.Never);
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(Some.Step(run, 1))).Verdict);
        Assert.False((await older.RenewAsync(worker.Key, Make.Never)).Alive);
        await RefusedAsync(() => Some.WorkerAsync(older), version);
        await RefusedAsync(() => KeyAsync(older), version);
        foreach (var migrate in new[] { false, true })
        {
            await using var late = open([]);
            await RefusedAsync(() => late.InitializeAsync(migrate, Make.Never), version);
        }
        // One that knows the step which shuts others out may go on behind the next.
        await using var between = open([new(LetsOthersGoOn: false)]);
        await between.InitializeAsync(migrate: false, Make.Never);
        var next = await Some.WorkerAsync(between);

        // The live run goes on there at once, and has lost nothing.
        var taken = Assert.Single((await next.ClaimRunsAsync()).Runs);
        Assert.Equal((run, 0, 0, 1), (taken.Row.Key, taken.Row.Crashes, taken.Row.Losses, taken.Row.Events));
    }

    private static async Task RefusedAsync(Func<Task> call, int version)
    {
        var error = await Assert.ThrowsAsync<StoreException>(call);
        Assert.Equal((StoreFault.Schema, "PERD1306"), (error.Fault, error.Code));
        Assert.Contains($"version {version + 2}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"up to {version}", error.Message, StringComparison.Ordinal);
        Assert.Contains("Update the Perdure.", error.Message, StringComparison.Ordinal);
    }

    private static async Task<long> KeyAsync(IPerdureStore store) => (await store.ReserveKeysAsync(1, Make.Never)).First;
}
