using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Workers that differ in what they have code for.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task ClaimRuns_RunThatAnotherWorkerHasCodeFor_IsLeftToHim()
    {
        var orders = await RegisterWithCodeAsync("order");
        var bills = await RegisterWithCodeAsync("bill");
        var order = await StartAsync(due: In(-2));
        var bill = await StartAsync(due: In(-3), workflow: "bill");

        var claimed = await orders.ClaimRunsAsync();
        Assert.Equal([order], claimed.Runs.Select(static run => run.Row.Key));
        // What is another's is nothing to wait for.
        Assert.Equal(Instant.Never, claimed.NextDue);
        var left = await ReadAsync(bill);
        Assert.Equal((0, RunStatus.Pending, In(-3), 0), (left.Owner, left.Status, left.DueAt, left.Term));
        Assert.Equal([bill], (await bills.ClaimRunsAsync()).Runs.Select(static run => run.Row.Key));
    }

    [Fact]
    public async Task ClaimRuns_OtherVersionOfTheSameWorkflow_IsOtherCode()
    {
        var now = await RegisterWithCodeAsync(new WorkflowCode("order", 3), new WorkflowCode("order", 4));
        var next = await RegisterWithCodeAsync(new WorkflowCode("order", 4));
        var run = await StartAsync();

        Assert.Empty((await next.ClaimRunsAsync()).Runs);
        Assert.Equal(run, Assert.Single((await now.ClaimRunsAsync()).Runs).Row.Key);
    }

    [Fact]
    public async Task ClaimRuns_PinnedRun_IsLeftToItsBuild()
    {
        var code = new WorkflowCode("order", 3);
        var old = await RegisterWithCodeAsync(code, code with { Build = "b1" });
        var next = await RegisterWithCodeAsync(code, code with { Build = "b2" });
        var plain = await StartAsync(due: In(-3));
        var pinned = await StartPinnedAsync("b2", due: In(-2));
        var other = await StartPinnedAsync("b1", due: In(-1));
        var nobodys = await StartPinnedAsync("b3", due: In(-4));

        // What nobody alive is the build of, somebody takes who can say so.
        Assert.Equal([nobodys, plain, other], (await old.ClaimRunsAsync()).Runs.Select(static run => run.Row.Key));
        var taken = Assert.Single((await next.ClaimRunsAsync()).Runs).Row;
        Assert.Equal((pinned, "b2"), (taken.Key, taken.Build));
        Assert.Null((await ReadAsync(plain)).Build);
    }

    [Fact]
    public async Task Births_OfEveryKind_KeepTheirBuild()
    {
        var worker = await RegisterAsync();
        var (alone, owned, first, second) = (await NewKeyAsync(), await NewKeyAsync(), await NewKeyAsync(), await NewKeyAsync());
        await Store.StartWithSignalAsync(Make.Birth(alone) with { Build = "b1" }, Make.Message(0, "s"), Make.Never);
        await Store.StartRunsAsync([Make.Birth(first) with { Build = "b\"2" }, Make.Birth(second)], Make.Never);
        var run = await StartOwnedAsync(worker, Make.Birth(owned) with { Build = "b3", ConcurrencyKey = "c" });
        var (child, successor) = (await ChildAsync(run.Run), await NewKeyAsync());
        await worker.WriteAsync(With(run.Append(), children: [child with { Birth = child.Birth with { Build = "b4" } }]));
        run.Next++;
        await worker.WriteAsync(Continued(run.Bundle(close: RunStatus.ContinuedAsNew), Make.Birth(successor) with { Build = "b5" }));

        Assert.Equal("b1, b\"2, none, b3, b4, b5", await BuildsAsync(alone, first, second, owned, child.Birth.Key, successor));
        // A start that is sent again finds its run as it is.
        await Store.StartRunsAsync([Make.Birth(first) with { Build = "b\"2" }, Make.Birth(second)], Make.Never);
        Assert.Equal("b\"2, none", await BuildsAsync(first, second));
    }

    private async Task<long> StartPinnedAsync(string build, Instant? due = null)
    {
        var key = await NewKeyAsync();
        Assert.Equal(BirthVerdict.Created, (await StartAsync(Make.Birth(key, due: due) with { Build = build })).Verdict);
        return key;
    }

    private async Task<string> BuildsAsync(params long[] runs)
    {
        List<string> builds = [];
        foreach (var run in runs) builds.Add((await ReadAsync(run)).Build ?? "none");
        return string.Join(", ", builds);
    }

    [Fact]
    public async Task ClaimRuns_CodeThatNobodyAliveHas_IsTakenBySomebody()
    {
        var orders = await RegisterWithCodeAsync("order");
        await RegisterWithCodeAsync("bill");
        var run = await StartAsync(workflow: "letter");

        var claimed = await orders.ClaimRunsAsync();
        Assert.Equal((run, orders.Key), (Assert.Single(claimed.Runs).Row.Key, claimed.Runs[0].Row.Owner));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ClaimRuns_PutAsideForOneWhoThenDies_IsTakenBySomebody(bool retires)
    {
        var bills = await RegisterWithCodeAsync("bill");
        var run = await StartAsync(workflow: "bill");
        var orders = await RegisterWithCodeAsync("order");
        Assert.Empty((await orders.ClaimRunsAsync()).Runs);

        if (retires) await Store.RetireWorkerAsync(bills.Key, Make.Never);
        else
        {
            Pass(6);
            Assert.True((await Store.RenewAsync(orders.Key, Make.Never)).Alive);
            Pass(6);
            Assert.Equal(1, (await FenceAsync()).WorkersMarked);
        }
        Assert.Equal(run, Assert.Single((await orders.ClaimRunsAsync()).Runs).Row.Key);
    }

    [Fact]
    public async Task ClaimRuns_PutAsideForOthers_IsTakenByOneWhoComesLater()
    {
        var run = await StartAsync(workflow: "bill");
        await RegisterWithCodeAsync("bill");
        Assert.Empty((await (await RegisterWithCodeAsync("order")).ClaimRunsAsync()).Runs);

        Assert.Equal(run, Assert.Single((await (await RegisterWithCodeAsync("bill", "order")).ClaimRunsAsync()).Runs).Row.Key);
    }

    [Fact]
    public async Task ClaimRuns_WorkerThatDoesNotSayWhatItHas_CountsAsHavingAll()
    {
        var silent = await RegisterAsync();
        var orders = await RegisterWithCodeAsync("order");
        var run = await StartAsync(workflow: "bill");

        Assert.Empty((await orders.ClaimRunsAsync()).Runs);
        Assert.Equal(run, Assert.Single((await silent.ClaimRunsAsync()).Runs).Row.Key);
    }

    [Fact]
    public async Task ClaimRuns_WhatWasPutAside_ComesInOrderWithEverythingElse()
    {
        var bills = await RegisterWithCodeAsync("bill");
        var orders = await RegisterWithCodeAsync("order");
        var third = await StartAsync(due: In(-5), workflow: "bill");
        var first = await StartAsync(priority: 2, due: In(-1), workflow: "bill");
        Assert.Empty((await orders.ClaimRunsAsync()).Runs);
        var second = await StartAsync(due: In(-9), workflow: "bill");
        var last = await StartAsync(due: In(-4), workflow: "bill");
        await StartAsync(due: In(7), workflow: "bill");

        var claimed = await bills.ClaimRunsAsync(limit: 3, suspects: 1, "default");
        Assert.Equal([first, second, third], claimed.Runs.Select(static run => run.Row.Key));
        Assert.Equal(In(-4), claimed.NextDue);
        claimed = await bills.ClaimRunsAsync();
        Assert.Equal((last, In(7)), (Assert.Single(claimed.Runs).Row.Key, claimed.NextDue));
    }

    [Fact]
    public async Task ClaimRuns_ManyRunsOfOthersBeforeItsOwn_AreAllPassedOver()
    {
        var orders = await RegisterWithCodeAsync("order");
        var bills = await RegisterWithCodeAsync("bill");
        for (var i = 0; i < 250; i++) await StartAsync(due: In(-500 + i), workflow: "bill");
        var order = await StartAsync();

        Assert.Equal(order, Assert.Single((await orders.ClaimRunsAsync(limit: 1, suspects: 1, "default")).Runs).Row.Key);
        var taken = 0;
        while (await bills.ClaimRunsAsync() is { Runs.Count: > 0 } claimed) taken += claimed.Runs.Count;
        Assert.Equal(250, taken);
    }

    [Fact]
    public async Task ClaimRuns_OfAQueueWithALimit_PassesOverOthersAndKeepsTheLimit()
    {
        var orders = await RegisterWithCodeAsync("order");
        var bills = await RegisterWithCodeAsync("bill");
        await Store.ChangeQueueAsync(new QueueChange("default") { MaxConcurrency = 2 }, Make.Never);
        for (var i = 0; i < 3; i++) await StartAsync(due: In(-90 + i), workflow: "bill");
        var order = await StartAsync(due: In(-1));

        Assert.Equal(order, Assert.Single((await orders.ClaimRunsAsync()).Runs).Row.Key);
        await StartAsync(priority: 4, workflow: "bill");
        var claimed = Assert.Single((await bills.ClaimRunsAsync()).Runs);
        Assert.Equal((4, true), (claimed.Row.Priority, claimed.Row.HoldsSlot));
        Assert.Equal(In(1), (await bills.ClaimRunsAsync()).NextDue);
    }

    [Fact]
    public async Task ClaimRuns_PutAsideAndExpired_IsTakenByAnybodyToBeEnded()
    {
        var bills = await RegisterWithCodeAsync("bill");
        var orders = await RegisterWithCodeAsync("order");
        var key = await NewKeyAsync();
        await StartAsync(Make.Birth(key, workflow: "bill") with { StartDeadline = In(5) });
        Assert.Equal(In(5), (await orders.ClaimRunsAsync()).NextDue);
        Pass(5);

        var taken = Assert.Single((await orders.ClaimRunsAsync()).Runs).Row;
        Assert.Equal((key, RunStatus.Pending), (taken.Key, taken.Status));
        Assert.Empty((await bills.ClaimRunsAsync()).Runs);
    }

    [Fact]
    public async Task ClaimRuns_PutAsideAndSentAMessage_HasItWhenItIsTaken()
    {
        var bills = await RegisterWithCodeAsync("bill");
        var orders = await RegisterWithCodeAsync("order");
        var run = await StartAsync(workflow: "bill");
        Assert.Empty((await orders.ClaimRunsAsync()).Runs);
        Assert.Equal(PostVerdict.Accepted, (await PostAsync(Make.Message(run, "m1"))).Verdict);

        Assert.Equal("m1", Assert.Single(Assert.Single((await bills.ClaimRunsAsync()).Runs).Messages).Id);
    }

    [Fact]
    public async Task ClaimRuns_PutAside_IsListedAndCountedAsWaiting()
    {
        await RegisterWithCodeAsync("bill");
        var orders = await RegisterWithCodeAsync("order");
        await StartAsync(workflow: "bill");
        Assert.Empty((await orders.ClaimRunsAsync()).Runs);
        await StartAsync(workflow: "bill");

        Assert.Equal(2, Assert.Single(await Store.ListQueuesAsync("default", Make.Never)).Load.WaitingRuns);
        Assert.Equal(2, (await Store.ListRunsAsync(new RunQuery { Statuses = [RunStatus.Pending, RunStatus.Running, RunStatus.Suspended] }, Make.Never)).Runs.Count);
    }

    [Fact]
    public async Task ClaimRuns_WhenTheMixIsOver_TakesWhatWasPutAside()
    {
        var bills = await RegisterWithCodeAsync("bill");
        var orders = await RegisterWithCodeAsync("order");
        var run = await StartAsync(workflow: "order");
        Assert.Empty((await bills.ClaimRunsAsync()).Runs);
        await Store.RetireWorkerAsync(bills.Key, Make.Never);

        Assert.Equal(run, Assert.Single((await orders.ClaimRunsAsync()).Runs).Row.Key);
    }
}
