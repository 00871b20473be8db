using Perdure.Files;
using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Files;

/// <summary>A store that does not own its folder: everything goes through the inbox, whoever owns it.</summary>
public sealed class FileClientTests
{
    [Fact]
    public async Task Client_WhileNobodyOwnsTheFolder_ServesItself()
    {
        using var folder = new TempFolder();
        await using (await folder.OpenAsync()) { }
        await using var client = folder.CreateClient();
        await client.InitializeAsync(migrate: false, Make.Never);
        await UseAsync(client);

        await using var store = await folder.OpenAsync();
        Assert.Equal(["gone", "kept"], (await store.ListRunsAsync(new(), Make.Never)).Runs.Select(run => run.Id).Order());
    }

    [Fact]
    public async Task Client_ThatHasNoWorker_CannotCommit()
    {
        using var folder = new TempFolder();
        await using (await folder.OpenAsync()) { }
        await using var client = folder.CreateClient();
        var error = await Assert.ThrowsAsync<StoreException>(() => client.ClaimRunsAsync(new(new(1, 0, 1, 0), ["default"], 1, 1), Make.Never));
        Assert.Equal(StoreFault.InUse, error.Fault);
    }

    [Fact]
    public async Task Request_ThatWasSentWhileNobodyWasThere_IsServedByTheNextOwner_AndARepeatedOneOnce()
    {
        using var folder = new TempFolder();
        await using (await folder.OpenAsync()) { }
        var birth = Make.Birth(1, id: "left", chosenId: true);
        Perdure.Files.Inbox.InboxFiles.Send(folder.Path, new() { Start = [birth] });
        Perdure.Files.Inbox.InboxFiles.Send(folder.Path, new() { Start = [birth] });
        await System.IO.File.WriteAllTextAsync(folder.PathOf("inbox/0-foreign.request.json"), "not json");

        await using var store = await folder.OpenAsync();
        await WaitAsync(() => Directory.GetFiles(folder.PathOf("inbox"), "*.answer.json").Length == 3);
        Assert.Equal(["left"], (await store.ListRunsAsync(new(), Make.Never)).Runs.Select(run => run.Id));
        Assert.Empty(Directory.EnumerateFiles(folder.PathOf("inbox"), "*.request.json"));
    }

    /// <summary>What a client may do, from the first run to the last.</summary>
    internal static async Task UseAsync(FileStore client)
    {
        var keys = await client.ReserveKeysAsync(2, Make.Never);
        RunBirth[] births =
        [
            Make.Birth(keys.First, id: "kept", chosenId: true, startKey: "K", input: """{"sku":"a"}""", tags: new Dictionary<string, string> { ["shop"] = "north" }),
            Make.Birth(keys.First + 1, id: "gone", due: Instant.Never),
        ];
        Assert.All(await client.StartRunsAsync(births, Make.Never), outcome => Assert.Equal(BirthVerdict.Created, outcome.Verdict));
        Assert.Equal(BirthVerdict.KeyConflict, Assert.Single(await client.StartRunsAsync([births[0] with { Key = keys.First + 9, InputHash = Make.Bytes("x") }], Make.Never)).Verdict);

        var posted = await client.PostMessagesAsync([Make.Message(keys.First, "m1"), Make.Message(keys.First, "m1"), Make.Message(77, "m2")], Make.Never);
        Assert.Equal([PostVerdict.Accepted, PostVerdict.Duplicate, PostVerdict.NotFound], posted.Select(outcome => outcome.Verdict));
        Assert.Equal(PostVerdict.Duplicate, (await client.ReopenRunAsync(Make.Message(keys.First, "r", MessageKind.Reopen), Make.Never)).Verdict);

        var again = await client.StartWithSignalAsync(births[0], Make.Message(keys.First, "m3"), Make.Never);
        Assert.Equal((BirthVerdict.Created, PostVerdict.Accepted), (again.Birth.Verdict, again.Signal!.Value.Verdict));

        var read = await client.ReadRunAsync(new(StartKey: "K"), Make.Never);
        Assert.Equal(("kept", 2L, """{"sku":"a"}""", "north"), (read!.Id, read.Inbox, Make.Text(read.Input), read.Tags["shop"]));
        Assert.Null(await client.ReadRunAsync(new(Id: "nobody"), Make.Never));
        var page = await client.ListRunsAsync(new() { IdPrefix = "g", Limit = 1 }, Make.Never);
        Assert.Equal("gone", Assert.Single(page.Runs).Id);
        Assert.Equal(2, (await client.CountRunsAsync(new() { Statuses = [RunStatus.Pending] }, Make.Never))[RunStatus.Pending]);
        Assert.Equal(births[0].Events.Bytes.ToArray(), Assert.Single(await client.ReadHistoryAsync(keys.First, 0, Make.Never)).Bytes.ToArray());
        Assert.Equal([DeleteVerdict.Live, DeleteVerdict.NotFound], await client.DeleteRunsAsync(["gone", "nobody"], Make.Never));
        var purged = await client.PurgeRunsAsync(new() { Rules = [new(RunStatus.Completed, TimeSpan.Zero)], Limit = 10 }, Make.Never);
        Assert.Equal((0, null), (purged.Count, purged.Next));
        var wrong = await Assert.ThrowsAsync<StoreException>(() => client.StartRunsAsync([births[1] with { Id = "other" }], Make.Never));
        Assert.Equal((StoreFault.Data, true), (wrong.Fault, wrong.Message.Contains("Reserve new keys", StringComparison.Ordinal)));
    }

    internal static async Task WaitAsync(Func<bool> condition)
    {
        var limit = Task.Delay(TimeSpan.FromSeconds(30));
        while (!condition())
            if (await Task.WhenAny(Task.Delay(5), limit) == limit) throw new TimeoutException("It did not come about.");
    }
}
