using Perdure.Storage;
using Perdure.Stores.Tests.Contract;

namespace Perdure.Stores.Tests.Differential;

/// <summary>What clients and operators do.</summary>
internal sealed partial class CommandStream
{
    /// <summary>With few runs, much happens to each of them.</summary>
    private const int MostRuns = 10;

    private readonly List<RunBirth> _births = [];

    /// <summary>What becomes of start keys, beside everything else.</summary>
    private readonly Random _keyRandom = new(seed);

    /// <summary>Which runs are pinned to a build.</summary>
    private readonly Random _buildRandom = new(seed);

    /// <summary>A new start, or one that was sent before.</summary>
    private async Task<RunBirth> BirthAsync(bool mayLose, bool isNew = false)
    {
        if (mayLose && !isNew && _births.Count > 0 && Chance(10)) return Pick([.. _births]);
        var count = _random.Next(1, 3);
        var key = (await AskAsync("reserve keys", target => target.ReserveKeysAsync(count, Never))).First;
        var chosen = mayLose && Chance(15);
        var birth = Make.Birth(
            key, id: chosen ? $"chosen-{_random.Next(3)}" : null, chosenId: chosen,
            startKey: mayLose && Chance(45) ? $"k{_random.Next(2)}" : null,
            workflow: Chance(80) ? "order" : "bill", input: Chance(85) ? "1" : "2", queue: Pick("q1", "q2"), priority: _random.Next(3) / 2, due: Chance(60) ? Now : Soon(),
            onConflict: Pick(ConflictPolicy.UseExisting, ConflictPolicy.Fail, ConflictPolicy.RestartIfFailed), createdAt: Now,
            tags: Chance(50) ? new Dictionary<string, string> { ["t"] = Pick("a", "b") } : null) with
        {
            ConcurrencyKey = Chance(50) ? Pick("c1", "c2") : null, StartDeadline = Chance(12) ? Soon() : Instant.Never, KeyFreeAt = _keyRandom.Next(4) == 0 ? Now.Add(TimeSpan.FromMilliseconds(_keyRandom.Next(6_000))) : Instant.Never, Build = _buildRandom.Next(10) == 0 ? "b1" : null,
        };
        _births.Add(birth);
        if (_births.Count > 6) _births.RemoveAt(0);
        return birth;
    }

    private async Task StartAsync()
    {
        if (_runs.Count >= MostRuns)
        {
            await DeleteAsync();
            return;
        }
        var births = new List<RunBirth>();
        for (var i = _random.Next(1, 3); i > 0; i--)
        {
            var birth = await BirthAsync(mayLose: true);
            if (!births.Exists(other => other.Key == birth.Key)) births.Add(birth);
        }
        var outcomes = await AskAsync($"start {Names(births)}", target => target.StartRunsAsync(births, Never));
        for (var i = 0; i < births.Count; i++) Born(births[i], outcomes[i]);
    }

    private async Task StartWithSignalAsync()
    {
        // Often one that was sent before, whose run may have ended since.
        var ended = _births.FindAll(sent => _runs.TryGetValue(sent.Id, out var run) && run.Facts.Closed);
        var birth = ended.Count > 0 && Chance(60) ? Pick([.. ended]) : _births.Count > 0 && Chance(50) ? Pick([.. _births]) : await BirthAsync(mayLose: true);
        var signal = Make.Message(0, $"m{_random.Next(12)}");
        var started = await AskAsync($"start {Names([birth])} with {signal.Id}", target => target.StartWithSignalAsync(birth, signal, Never));
        Born(birth, started.Birth);
        coverage.Note(started.Signal is null ? "signalled start Nobody" : $"signalled start {started.Signal.Value.Verdict}");
        if (started.Signal is { Verdict: PostVerdict.Accepted } sent) FactsOf(sent.RunKey).Arrived++;
    }

    /// <summary>Keeps account of a birth. Answers the facts of the run if it is new.</summary>
    private RunFacts? Born(RunBirth birth, BirthOutcome outcome)
    {
        coverage.Note($"birth {outcome.Verdict}");
        coverage.Note("birth deleted", outcome.Status is null);
        if (outcome.Verdict != BirthVerdict.Created || outcome.Status is null || _runs.ContainsKey(birth.Id)) return null;
        var facts = new RunFacts();
        _runs.Add(birth.Id, (birth.Key, facts));
        return facts;
    }

    private async Task PostAsync()
    {
        var messages = new List<OutgoingMessage>();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var kind = Pick(MessageKind.Signal, MessageKind.Signal, MessageKind.Signal, MessageKind.Cancel, MessageKind.Resume,
                MessageKind.Terminate);
            var message = Address(Make.Message(0, $"m{_random.Next(12)}", kind));
            // Whoever uses an id twice in one call means the same message.
            if (!messages.Exists(other => other.Id == message.Id && other.Kind != kind)) messages.Add(message);
        }
        var outcomes = await AskAsync(
            $"post {string.Join(", ", messages.Select(message => $"{message.Id} to {message.RunKey} {message.RunId}"))}",
            target => target.PostMessagesAsync(messages, Never));
        foreach (var outcome in outcomes)
        {
            coverage.Note($"post {outcome.Verdict}");
            if (outcome.Verdict == PostVerdict.Accepted) FactsOf(outcome.RunKey).Arrived++;
        }
    }

    private async Task AnswerAsync()
    {
        for (var answers = _random.Next(1, 4); answers > 0; answers--)
        {
            var known = (await model.ListRequestsAsync(new() { Limit = 100 }, Never)).Requests;
            var asked = known.Count > 0 && Chance(90) ? Pick([.. known]) : null;
            var run = asked?.Run ?? 999;
            var answer = new RequestAnswer(asked?.Operation ?? 1, Chance(90) ? asked?.Number ?? 1 : 3, Make.Message(run, $"answer{_random.Next(20)}", MessageKind.Answer));
            var before = await model.ReadRunAsync(new(Key: run), Never);
            var outcome = await AskAsync($"answer {answer.Operation}/{answer.Number} of {run} by {answer.Message.Id}", target => target.AnswerRequestAsync(answer, Never));
            coverage.Note($"answer {outcome.Verdict}");
            if (await model.ReadRunAsync(new(Key: run), Never) is { } after && after.Inbox > before!.Inbox) FactsOf(run).Arrived++;
        }
        var query = new RequestQuery
        {
            Limit = _random.Next(1, 4), Kind = Chance(30) ? RequestKind.Hook : null, State = Chance(50) ? Pick(Enum.GetValues<RequestState>()) : null, Name = Chance(30) ? "a" : null,
            Assignee = Chance(20) ? "ann" : null, ExpiringWithin = Chance(30) ? TimeSpan.FromSeconds(_random.Next(20)) : null,
        };
        for (var pages = 0; pages < 20; pages++)
        {
            var page = await AskAsync($"requests after {query.After}", target => target.ListRequestsAsync(query, Never));
            if (page.Next is null) break;
            query = query with { After = page.Next };
        }
    }

    private async Task ReopenAsync()
    {
        var message = Address(Make.Message(0, $"reopen{_random.Next(4)}", MessageKind.Reopen), closed: Chance(80));
        var children = _runs.Where(static run => run.Value.Facts is { Closed: true, IsChild: true }).ToArray();
        // Few children end before their parents, or whoever goes on in their place: those are asked for first.
        foreach (var child in children)
        {
            if (!_runs.Values.Any(run => !run.Facts.Closed && run.Facts.Parented.Contains(child.Value.Key))) continue;
            children = [child];
            break;
        }
        if (children.Length > 0 && Chance(90)) message = message with { RunKey = Pick(children).Value.Key };
        var outcome = await AskAsync($"reopen {message.RunKey} {message.RunId}", target => target.ReopenRunAsync(message, Never));
        coverage.Note($"reopen {outcome.Verdict}");
        if (outcome.Verdict != PostVerdict.Accepted) return;
        var facts = FactsOf(outcome.RunKey);
        facts.Arrived++;
        facts.Reopened++;
        facts.Closed = false;
    }

    private async Task DeleteAsync()
    {
        var ids = Some(_runs.Where(run => run.Value.Facts.Closed).Select(run => run.Key), 2);
        ids.AddRange(Some(_runs.Keys.Except(ids).Append("nobody"), 2));
        var verdicts = await AskAsync($"delete {string.Join(' ', ids)}", target => target.DeleteRunsAsync(ids, Never));
        for (var i = 0; i < ids.Count; i++)
        {
            coverage.Note($"delete {verdicts[i]}");
            if (verdicts[i] != DeleteVerdict.Deleted) continue;
            _check.Forget(_runs[ids[i]].Key);
            _runs.Remove(ids[i]);
        }
    }

    /// <summary>Retention, with ages that many runs of a stream reach.</summary>
    private async Task PurgeAsync()
    {
        var terminal = Enum.GetValues<RunStatus>().Where(status => status.IsTerminal());
        var rules = (Chance(70) ? [.. terminal] : Some(terminal, 5)).ConvertAll(status => new PurgeRule(status, TimeSpan.FromMilliseconds(Chance(60) ? 0 : _random.Next(5_000))));
        var purge = new RunPurge { Rules = rules, Limit = Chance(70) ? 1 : 2, DryRun = Chance(70) };
        for (var pages = 0; pages < 20; pages++)
        {
            var page = await AskAsync($"purge {string.Join(", ", rules)} after {purge.After} dry {purge.DryRun}", target => target.PurgeRunsAsync(purge, Never));
            coverage.Note(page.Count == 0 ? "purge nothing" : purge.DryRun ? "purge counted" : "purge deleted");
            coverage.Note("purge goes on", page.Next is not null);
            // What is left over is there for other commands.
            if (page.Next is null || (!purge.DryRun && Chance(80))) break;
            purge = purge with { After = page.Next };
        }
        foreach (var (id, (key, _)) in _runs.ToArray())
        {
            if (await model.ReadRunAsync(new(Id: id), Never) is not null) continue;
            Assert.False(purge.DryRun);
            _check.Forget(key);
            _runs.Remove(id);
        }
        // Long enough for keys to be forgotten, and seldom, because no lease lasts so long.
        if (_keyRandom.Next(12) == 0) clock.Advance(_keyRandom.Next(4) > 0 ? TimeSpan.FromHours(2) : TimeSpan.FromDays(8));
        // One by one, or all that there are.
        var limit = _keyRandom.Next(2) == 0 ? 1 : 4;
        var forgotten = await AskAsync($"forget {limit} keys", target => target.ForgetKeysAsync(limit, Never));
        coverage.Note(forgotten == 0 ? "keys none" : forgotten == limit ? "keys more" : "keys forgotten");
        var every = TimeSpan.FromMilliseconds(_random.Next(20_000));
        coverage.Note($"turn {await AskAsync($"turn {every}", target => target.TakeTurnAsync("work", every, Never))}");
    }

    private async Task ReadAsync()
    {
        var query = new RunQuery
        {
            Limit = _random.Next(1, 5), Queue = Chance(30) ? "q1" : null, IdPrefix = Chance(20) ? "run-" : null,
            Statuses = Some(Enum.GetValues<RunStatus>(), 5),
            Parent = Chance(15) && _runs.Count > 0 ? Pick([.. _runs.Keys]) : null, Root = Chance(15) ? "top" : null, TopLevelOnly = Chance(15),
            Tags = Chance(20) ? new Dictionary<string, string?> { ["t"] = Chance(50) ? "a" : null } : null,
            Text = Chance(15) ? Pick("RUN", "k1", "ORDer", "1") : null, ClosedFrom = Chance(10) ? Instant.Earliest : null, WaitingPrefix = Chance(5) ? "[" : null,
        };
        for (var pages = 0; pages < 20; pages++)
        {
            var page = await AskAsync($"list after {query.After}", target => target.ListRunsAsync(query, Never));
            coverage.Note(page.Next is null ? "page ended" : "page goes on");
            if (page.Next is null) break;
            query = query with { After = page.Next };
        }
        var member = _runs.Count > 0 ? Pick([.. _runs.Keys]) : "nobody";
        await AskAsync($"chain of {member}", target => target.ReadChainAsync(member, Never));
        await AskAsync("count", async target => string.Join(' ', (await target.CountRunsAsync(query, Never)).OrderBy(count => count.Key)));
        await AskAsync("count workflows", async target => string.Join(' ', (await target.CountWorkflowsAsync(Never)).OrderBy(count => count.Workflow, StringComparer.Ordinal).ThenBy(count => count.Status)));
        var selector = new RunSelector(StartKey: $"k{_random.Next(2)}");
        await AskAsync($"read {selector}", async target => Normal.Text(await target.ReadRunAsync(selector, Never)));
    }

    /// <summary>Names a run by key or id, or nobody.</summary>
    private OutgoingMessage Address(OutgoingMessage message, bool closed = false)
    {
        var addressees = _runs.Where(run => closed && run.Value.Facts.Closed).ToArray();
        if (addressees.Length == 0) addressees = [.. _runs];
        if (addressees.Length == 0 || Chance(5)) return message with { RunId = "nobody" };
        var (id, (key, _)) = Pick(addressees);
        return Chance(50) ? message with { RunKey = key } : message with { RunId = id };
    }

    private RunFacts FactsOf(long run)
    {
        foreach (var (key, facts) in _runs.Values)
        {
            if (key == run) return facts;
        }
        throw new InvalidOperationException($"Nobody knows run {run}.");
    }

    private static string Names(IEnumerable<RunBirth> births) =>
        string.Join(", ", births.Select(birth =>
            $"{birth.Id} (key {birth.Key}, start key {birth.StartKey}, {birth.OnConflict}, input {Make.Text(birth.Input)})"));
}
