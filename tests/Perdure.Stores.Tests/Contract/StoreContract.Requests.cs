using Perdure.Storage;

namespace Perdure.Stores.Tests.Contract;

/// <summary>Requests of runs: opened and ended with bundles, answered once, listed by their expiry; and what the installation keeps.</summary>
public abstract partial class StoreContract
{
    [Fact]
    public async Task CommitGroup_OpensARequest_ThatIsReadAsItWas()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(4, 7, RequestKind.Hook, "pay", In(60), max: 3, token: "hash", assignee: "ann")] });

        var request = Assert.Single(await RequestsAsync(new() { Limit = 10 }));
        Assert.Equal((run.Run, (await ReadAsync(run.Run)).Id, 4, 7, RequestKind.Hook, "pay"),
            (request.Run, request.RunId, request.Operation, request.Number, request.Kind, request.Name));
        Assert.Equal((RequestState.Pending, Now, In(60), 3, 0, Instant.Never, "ann", "{\"n\":7}"),
            (request.State, request.CreatedAt, request.ExpiresAt, request.MaxAnswers, request.Answers, request.AnsweredAt, request.Assignee, Make.Text(request.Description)));
        Assert.Single(await RequestsAsync(new() { Limit = 10, TokenHash = Make.Bytes("hash") }));
        Assert.Empty(await RequestsAsync(new() { Limit = 10, TokenHash = Make.Bytes("other") }));
    }

    [Fact]
    public async Task AnswerRequest_FirstAnswersWin_AndBecomeMessages()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3, max: 2)] });
        Pass(1);

        Assert.Equal(new AnswerOutcome(AnswerVerdict.Accepted, RunStatus.Running), await AnswerAsync(run, 1, 3, "a"));
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 1, 3, "a")).Verdict);
        Assert.Equal((RequestState.Pending, 1, Now), State(Assert.Single(await RequestsAsync(new() { Limit = 10 }))));
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 1, 3, "b")).Verdict);
        Assert.Equal(AnswerVerdict.AlreadyAnswered, (await AnswerAsync(run, 1, 3, "c")).Verdict);
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 1, 3, "b")).Verdict);

        var inbox = Assert.Single(await Store.ReadMessagesAsync(worker.Key, null, Make.Never));
        Assert.Equal([("a", MessageKind.Answer, "payload of a"), ("b", MessageKind.Answer, "payload of b")], inbox.Messages.Select(message => (message.Id, message.Kind, Make.Text(message.Payload))));
        Assert.Equal((RequestState.Answered, 2, Now), State(Assert.Single(await RequestsAsync(new() { Limit = 10 }))));
        Assert.Equal((2L, 0), ((await ReadAsync(run.Run)).Inbox, (await ReadAsync(run.Run)).Signals));

        static (RequestState, int, Instant) State(RequestRecord request) => (request.State, request.Answers, request.AnsweredAt);
    }

    [Fact]
    public async Task AnswerRequest_ManyAtOnce_OneWins()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3)] });
        var stores = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => OpenAnotherAsync()));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            Task.Run(() => stores[i % 4].AnswerRequestAsync(new(1, 3, Make.Message(run.Run, $"m{i}", MessageKind.Answer)), Make.Never))));

        Assert.Single(outcomes, outcome => outcome.Verdict == AnswerVerdict.Accepted);
        Assert.Equal(11, outcomes.Count(outcome => outcome.Verdict == AnswerVerdict.AlreadyAnswered));
        Assert.Equal(1, (await ReadAsync(run.Run)).Inbox);
    }

    [Fact]
    public async Task AnswerRequest_NotThere_OfAnEarlierNumber_OrNobodyWaits_StoresNothing()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3), Ask(2, 4), Ask(3, 5, expires: In(10))] });
        await WriteAsync(worker, run, new() { Withdrawn = [2], Opened = [Ask(1, 9)] });

        Assert.Equal(new AnswerOutcome(AnswerVerdict.NotFound, null), await AnswerAsync(run, 7, 3, "a"));
        Assert.Equal(AnswerVerdict.NotFound, (await AnswerAsync(run, 1, 3, "a")).Verdict);
        Assert.Equal(AnswerVerdict.Withdrawn, (await AnswerAsync(run, 2, 4, "a")).Verdict);
        Pass(10);
        Assert.Equal(AnswerVerdict.Expired, (await AnswerAsync(run, 3, 5, "a")).Verdict);
        Assert.Equal(0, (await ReadAsync(run.Run)).Inbox);
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 1, 9, "a")).Verdict);
    }

    [Fact]
    public async Task CommitGroup_LetsRequestsExpire_UnlessTheyWereAnswered()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3), Ask(2, 4), Ask(3, 5)] });
        await AnswerAsync(run, 2, 4, "a");

        var outcome = await WriteAsync(worker, run, new() { Expiring = [3, 2, 1] });
        Assert.Equal([3, 1], outcome.ExpiredRequests!);
        Assert.Equal(1, outcome.Inbox);
        Assert.Equal([3], (await WriteAsync(worker, run, new() { Expiring = [3, 7] })).ExpiredRequests!);
        Assert.Equal(AnswerVerdict.Expired, (await AnswerAsync(run, 1, 3, "b")).Verdict);
    }

    [Fact]
    public async Task RecallGroup_SaysAgainWhatHasExpired()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3), Ask(2, 4)] });
        await AnswerAsync(run, 2, 4, "a");
        var stamp = worker.Stamp();
        var group = new RunGroup(stamp, [run.Bundle(events: 1, requests: new() { Expiring = [1, 2] })]);
        var outcome = await Store.CommitGroupAsync(group, Make.Never);
        worker.Confirm(stamp);

        Assert.Equal([1], outcome.Bundles[0].ExpiredRequests!);
        Assert.Equal([1], (await Store.RecallGroupAsync(group, Make.Never)).Bundles[0].ExpiredRequests!);
    }

    [Fact]
    public async Task CommitGroup_ACloseThatHappens_WithdrawsWhatIsPending_AndAnotherLifeMayOpenItAgain()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3, max: 2), Ask(2, 4)] });
        await AnswerAsync(run, 1, 3, "a");
        // Not while the answer is unread.
        Assert.False((await worker.WriteAsync(run.Bundle(close: RunStatus.Failed, requests: new()))).Closed);
        Assert.Equal(2, (await RequestsAsync(new() { Limit = 10, State = RequestState.Pending })).Count);
        run.Seen = 1;
        Assert.True((await worker.WriteAsync(run.Bundle(close: RunStatus.Failed, consumed: [1], requests: new()))).Closed);
        Assert.Equal(2, (await RequestsAsync(new() { Limit = 10, State = RequestState.Withdrawn })).Count);
        Assert.Equal(AnswerVerdict.Closed, (await AnswerAsync(run, 1, 3, "b")).Verdict);
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 1, 3, "a")).Verdict);

        await Store.ReopenRunAsync(Make.Message(run.Run, "again", MessageKind.Reopen), Make.Never);
        var again = await worker.ClaimOneAsync();
        await WriteAsync(worker, again, new() { Opened = [Ask(1, 3, max: 2), Ask(2, 8)] });
        Assert.Equal([(1, 3, RequestState.Pending, 1), (2, 8, RequestState.Pending, 0)],
            (await RequestsAsync(new() { Limit = 10 })).Select(request => (request.Operation, request.Number, request.State, request.Answers)));
    }

    [Fact]
    public async Task CommitGroup_ThatIsFencedOrRefused_LeavesRequestsAlone()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await PostAsync(Make.Message(run.Run, "a"));
        Assert.Equal(GroupVerdict.Refused, (await worker.CommitAsync(run.Bundle(events: 1, requireSeen: true, requests: new() { Opened = [Ask(1, 3)] }))).Verdict);
        await KillAllAsync();
        Assert.Equal(GroupVerdict.Fenced, (await worker.CommitAsync(run.Bundle(events: 1, requests: new() { Opened = [Ask(1, 3)] }))).Verdict);
        Assert.Empty(await RequestsAsync(new() { Limit = 10 }));
    }

    [Fact]
    public async Task CommitGroup_ABirthMayBringRequests()
    {
        var worker = await RegisterAsync();
        var birth = Make.Birth(await NewKeyAsync());
        await worker.WriteAsync(new() { Run = birth.Key, Term = 1, Birth = birth, Owned = true, BaseSequence = 1, Requests = new() { Opened = [Ask(1, 3)] } });
        Assert.Equal(birth.Key, Assert.Single(await RequestsAsync(new() { Limit = 10 })).Run);
    }

    [Fact]
    public async Task ListRequests_FiltersAndPagesInTheOrderOfExpiry()
    {
        var worker = await RegisterAsync();
        var (run, other) = (await StartOwnedAsync(worker), await StartOwnedAsync(worker));
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3, RequestKind.Input, "a", In(30)), Ask(2, 4, RequestKind.Input, "b"), Ask(3, 5, RequestKind.Hook, "a", In(10), token: "t")] });
        await WriteAsync(worker, other, new() { Opened = [Ask(1, 3, RequestKind.Input, "a", In(20), assignee: "ann"), Ask(2, 4, RequestKind.Input, "c", In(20))] });
        await AnswerAsync(other, 2, 4, "x");
        var otherId = (await ReadAsync(other.Run)).Id;

        Assert.Equal([(run.Run, 3), (other.Run, 1), (other.Run, 2), (run.Run, 1), (run.Run, 2)], await PlacesAsync(new() { Limit = 10 }));
        Assert.Equal([(other.Run, 1), (run.Run, 1), (run.Run, 2)], await PlacesAsync(new() { Limit = 10, Kind = RequestKind.Input, State = RequestState.Pending }));
        Assert.Equal([(other.Run, 1), (run.Run, 1)], await PlacesAsync(new() { Limit = 10, Kind = RequestKind.Input, State = RequestState.Pending, ExpiringWithin = TimeSpan.FromSeconds(30) }));
        Assert.Equal([(other.Run, 1)], await PlacesAsync(new() { Limit = 10, Assignee = "ann" }));
        Assert.Equal([(other.Run, 1)], await PlacesAsync(new() { Limit = 10, RunId = otherId, Name = "a" }));
        Assert.Empty(await PlacesAsync(new() { Limit = 10, RunId = "nobody" }));

        var (query, seen) = (new RequestQuery { Limit = 2 }, new List<(long, int)>());
        while (true)
        {
            var page = await Store.ListRequestsAsync(query, Make.Never);
            seen.AddRange(page.Requests.Select(request => (request.Run, request.Operation)));
            if (page.Next is null) break;
            query = query with { After = page.Next };
        }
        Assert.Equal(await PlacesAsync(new() { Limit = 10 }), seen);
    }

    [Fact]
    public async Task DeleteRuns_TakesTheirRequestsAlong()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 3)] });
        await CloseAsync(worker, run);
        await Store.DeleteRunsAsync([(await Store.ReadRunAsync(new(Key: run.Run), Make.Never))!.Id], Make.Never);
        Assert.Empty(await RequestsAsync(new() { Limit = 10 }));
        Assert.Equal(AnswerVerdict.NotFound, (await AnswerAsync(run, 1, 3, "a")).Verdict);
    }

    [Fact]
    public async Task CommitGroup_Successor_TakesOverRequestsThatAreNamed_WithTheirAnswers()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new()
        {
            Opened = [Ask(1, 1, RequestKind.Hook, "a", In(60), max: 3, token: "ta"), Ask(2, 1, RequestKind.Hook, "b", token: "tb"), Ask(3, 1, RequestKind.Hook, "c", token: "tc"), Ask(4, 1)],
        });
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 1, 1, "first")).Verdict);
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(run, 3, 1, "last")).Verdict);
        run.Seen = 2;
        var (lost, next) = (Make.Birth(await NewKeyAsync()), Make.Birth(await NewKeyAsync()));
        RequestMove[] moves = [new(1, -2), new(2, -3), new(3, -4)];

        // A run that does not close keeps what it has.
        await PostAsync(Make.Message(run.Run, "unread"));
        Assert.False((await worker.WriteAsync(Moving(run.Bundle(close: RunStatus.ContinuedAsNew, consumed: [1, 2], requests: new()), lost, moves))).Closed);
        Assert.All(await RequestsAsync(new() { Limit = 10 }), request => Assert.Equal(run.Run, request.Run));
        run.Seen = 3;
        Assert.True((await worker.WriteAsync(Moving(run.Bundle(close: RunStatus.ContinuedAsNew, consumed: [3], requests: new()), next, moves))).Closed);

        var moved = Assert.Single(await RequestsAsync(new() { Limit = 10, TokenHash = Make.Bytes("ta") }));
        Assert.Equal((next.Key, next.Id, -2, 1, "a", RequestState.Pending, 1, In(60)),
            (moved.Run, moved.RunId, moved.Operation, moved.Number, moved.Name, moved.State, moved.Answers, moved.ExpiresAt));
        Assert.Equal((next.Key, -3, RequestState.Pending), Place(Assert.Single(await RequestsAsync(new() { Limit = 10, TokenHash = Make.Bytes("tb") }))));
        // One that has all its answers still has them; what was not named stays.
        Assert.Equal((next.Key, -4, RequestState.Answered), Place(Assert.Single(await RequestsAsync(new() { Limit = 10, TokenHash = Make.Bytes("tc") }))));
        Assert.Equal((run.Run, 4, RequestState.Withdrawn), Place(Assert.Single(await RequestsAsync(new() { Limit = 10, Kind = RequestKind.Input }))));

        Assert.Equal(AnswerVerdict.NotFound, (await AnswerAsync(run, 1, 1, "late")).Verdict);
        var successor = new Holding(next.Key, 1, 1);
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(successor, -2, 1, "first")).Verdict);
        Assert.Equal(AnswerVerdict.Accepted, (await AnswerAsync(successor, -2, 1, "second")).Verdict);
        Assert.Equal(["second"], Assert.Single((await worker.ClaimRunsAsync()).Runs).Messages.Select(static message => message.Id));

        static (long, int, RequestState) Place(RequestRecord request) => (request.Run, request.Operation, request.State);
        static RunBundle Moving(RunBundle bundle, RunBirth successor, RequestMove[] moves) => new()
        {
            Run = bundle.Run, Term = bundle.Term, BaseSequence = bundle.BaseSequence, Seen = bundle.Seen, Events = bundle.Events, Consumed = bundle.Consumed, Requests = bundle.Requests,
            Close = bundle.Close! with { Successor = successor, Moved = moves },
        };
    }

    [Fact]
    public async Task CommitGroup_Successor_TakesOverARequestWhoseTimeIsUp_AsSuch()
    {
        var worker = await RegisterAsync();
        var run = await StartOwnedAsync(worker);
        await WriteAsync(worker, run, new() { Opened = [Ask(1, 1, RequestKind.Hook, "a", In(0), max: 2, token: "ta")] });
        // The run ends before it has heard that the time was up.
        Assert.Equal([1], (await worker.WriteAsync(run.Bundle(requests: new() { Expiring = [1] }))).ExpiredRequests);
        var next = Make.Birth(await NewKeyAsync());
        var bundle = run.Bundle(close: RunStatus.ContinuedAsNew, requests: new());
        var moving = new RunBundle
        {
            Run = bundle.Run, Term = bundle.Term, BaseSequence = bundle.BaseSequence, Seen = bundle.Seen, Events = bundle.Events, Requests = bundle.Requests,
            Close = bundle.Close! with { Successor = next, Moved = [new(1, -2)] },
        };
        Assert.True((await worker.WriteAsync(moving)).Closed);

        var moved = Assert.Single(await RequestsAsync(new() { Limit = 10, TokenHash = Make.Bytes("ta") }));
        Assert.Equal((next.Key, -2, RequestState.Expired), (moved.Run, moved.Operation, moved.State));
        var successor = new Holding(next.Key, 1, 1);
        Assert.Equal(AnswerVerdict.Expired, (await AnswerAsync(successor, -2, 1, "late")).Verdict);
        // The successor asks for it, under its number, and hears the same.
        Assert.Equal(next.Key, Assert.Single((await worker.ClaimRunsAsync()).Runs).Row.Key);
        await WriteAsync(worker, successor, new() { Opened = [Ask(-2, 1, RequestKind.Hook, "a", In(0), max: 2, token: "ta")] });
        Assert.Equal([-2], (await worker.WriteAsync(successor.Bundle(requests: new() { Expiring = [-2] }))).ExpiredRequests);
    }

    [Fact]
    public async Task Keep_TheFirstValueStays()
    {
        var other = await OpenAnotherAsync();
        Assert.Equal("one", Make.Text(await Store.KeepAsync("secret", Make.Bytes("one"), Make.Never)));
        Assert.Equal("one", Make.Text(await other.KeepAsync("secret", Make.Bytes("two"), Make.Never)));
        Assert.Equal("two", Make.Text(await other.KeepAsync("else", Make.Bytes("two"), Make.Never)));
    }

    private static NewRequest Ask(
        int operation, int number, RequestKind kind = RequestKind.Input, string name = "ask", Instant? expires = null, int max = 1, string? token = null, string? assignee = null) => new()
        {
            Operation = operation, Number = number, Kind = kind, Name = name, ExpiresAt = expires ?? Instant.Never, MaxAnswers = max,
            TokenHash = token is null ? default : Make.Bytes(token), Assignee = assignee, Description = Make.Bytes($"{{\"n\":{number}}}"),
        };

    private async Task<BundleOutcome> WriteAsync(TestWorker worker, Holding run, RequestChanges changes)
    {
        var outcome = await worker.WriteAsync(run.Bundle(events: 1, requests: changes));
        run.Next++;
        return outcome;
    }

    private Task<AnswerOutcome> AnswerAsync(Holding run, int operation, int number, string id) =>
        Store.AnswerRequestAsync(new(operation, number, Make.Message(run.Run, id, MessageKind.Answer)), Make.Never);

    private async Task<IReadOnlyList<RequestRecord>> RequestsAsync(RequestQuery query) => (await Store.ListRequestsAsync(query, Make.Never)).Requests;

    private async Task<IEnumerable<(long, int)>> PlacesAsync(RequestQuery query) => (await RequestsAsync(query)).Select(request => (request.Run, request.Operation));
}
