using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Answers again for a group that is known to be committed, from the rows that it left.</summary>
internal sealed class Recalls(Database database)
{
    // One row for each birth: who holds it, and else who would under the milder policy. A run that has failed since made no room then, nor did a key that has become free since.
    private readonly string _births = database.Sql("""
        SELECT b.ord::integer, h.verdict, h.key, h.id, h.status::integer, m.verdict, m.key, m.id, m.status::integer
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8) WITH ORDINALITY AS b(key, id, chosen, start_key, workflow, input_hash, policy, created_at, ord)
        LEFT JOIN LATERAL {schema}.find_holder_at(b.key, b.id, b.chosen, b.start_key, b.workflow, b.input_hash, b.policy, b.created_at) AS h ON true
        LEFT JOIN LATERAL {schema}.find_holder_at(b.key, b.id, b.chosen, b.start_key, b.workflow, b.input_hash, CASE WHEN b.policy = 2 THEN 0 ELSE b.policy END, b.created_at) AS m ON true
        """);

    private readonly string _rows = database.Sql("""
        SELECT key, owner, term, inbox, status::integer, EXISTS (SELECT 1 FROM {schema}.worker AS w WHERE w.key = $2 AND w.alive) FROM {schema}.run WHERE key = ANY($1)
        """);

    // A task that is gone without having left a result was removed on request.
    private readonly string _cancelled = database.Sql("""
        SELECT c.run, c.op FROM unnest($1, $2) WITH ORDINALITY AS c(run, op, ord)
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.task t WHERE t.run = c.run AND t.op = c.op)
            AND NOT EXISTS (SELECT 1 FROM {schema}.message m WHERE m.run = c.run AND m.op = c.op)
        ORDER BY c.ord
        """);

    private readonly string _expired = database.Sql("""
        SELECT x.run, x.op FROM unnest($1, $2) WITH ORDINALITY AS x(run, op, ord) JOIN {schema}.request AS q ON q.run = x.run AND q.op = x.op AND q.state = 2 ORDER BY x.ord
        """);

    private readonly string _unheard = database.Sql(Groups.UnheardText);

    private readonly string _now = database.Sql("SELECT {schema}.clock()");

    public Task<GroupOutcome> RecallAsync(RunGroup group, CancellationToken cancellationToken) => database.AskAsync(
        "recall a group", (this, group),
        static (question, state) => state.Item1.Ask(question, state.group),
        static (reader, state, token) => ReadAsync(reader, state.group, token),
        cancellationToken);

    private void Ask(Question question, RunGroup group)
    {
        var bundles = group.Bundles;
        var births = bundles.Where(static bundle => bundle.Birth is not null).Select(static bundle => bundle.Birth!).ToList();
        var cancels = bundles.SelectMany(static bundle => bundle.CancelTasks.Select(operation => (bundle.Run, operation))).ToList();
        question.Say(_births)
            .Give(births.ConvertAll(static b => b.Key)).Give(births.ConvertAll<string?>(static b => b.Id)).Give(births.ConvertAll(static b => b.ChosenId))
            .Give(births.ConvertAll(static b => FreeText.Write(b.StartKey))).Give(births.ConvertAll<string?>(static b => b.Workflow))
            .Give(births.ConvertAll(static b => b.InputHash)).Give(births.ConvertAll(static b => (int)b.OnConflict))
            .Give(births.ConvertAll(static b => b.CreatedAt.Micros));
        question.Say(_rows).Give(bundles.Select(static bundle => bundle.Run).ToList()).Give(group.Stamp.Worker);
        question.Say(_cancelled).Give(cancels.ConvertAll(static c => c.Run)).Give(cancels.ConvertAll(static c => c.operation));
        var expiring = bundles.SelectMany(static bundle => (bundle.Requests?.Expiring ?? []).Select(operation => (bundle.Run, operation))).ToList();
        question.Say(_expired).Give(expiring.ConvertAll(static x => x.Run)).Give(expiring.ConvertAll(static x => x.operation));
        question.Say(_unheard).Give(ToldParents(bundles).ToList());
        question.Say(_now);
    }

    private static async Task<GroupOutcome> ReadAsync(NpgsqlDataReader reader, RunGroup group, CancellationToken cancellationToken)
    {
        var births = await ReadBirthsAsync(reader, group.Bundles, cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        var rows = new Dictionary<long, Row>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(reader.GetInt64(0), new(reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3), (RunStatus)reader.GetInt32(4), reader.GetBoolean(5)));
        await reader.NextResultAsync(cancellationToken);
        var cancelled = new List<(long Run, int Operation)>();
        while (await reader.ReadAsync(cancellationToken)) cancelled.Add((reader.GetInt64(0), reader.GetInt32(1)));
        await reader.NextResultAsync(cancellationToken);
        var expired = new List<(long Run, int Operation)>();
        while (await reader.ReadAsync(cancellationToken)) expired.Add((reader.GetInt64(0), reader.GetInt32(1)));
        await reader.NextResultAsync(cancellationToken);
        var told = ToldParents(group.Bundles).ToList();
        var deaf = new HashSet<long>();
        while (await reader.ReadAsync(cancellationToken)) deaf.Add(told[reader.GetInt32(0) - 1]);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);

        var outcomes = new BundleOutcome[group.Bundles.Count];
        var nextBirth = 0;
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = group.Bundles[i];
            var birth = bundle.Birth is null ? default : births[nextBirth++];
            outcomes[i] = Recall(bundle, birth, rows.TryGetValue(bundle.Run, out var row) ? row : null, group.Stamp.Worker, cancelled, expired);
            if (outcomes[i].Closed && ToldParents([bundle]).Any(deaf.Contains)) outcomes[i] = outcomes[i] with { EndUnheard = true };
        }
        return new(GroupVerdict.Committed, outcomes, [], new(reader.GetInt64(0)));
    }

    private static async Task<BirthOutcome[]> ReadBirthsAsync(NpgsqlDataReader reader, IReadOnlyList<RunBundle> bundles, CancellationToken cancellationToken)
    {
        // If there is nobody, ours was created and deleted since.
        var births = bundles.Where(static bundle => bundle.Birth is not null)
            .Select(static bundle => new BirthOutcome(BirthVerdict.Created, bundle.Birth!.Key, bundle.Birth.Id, null)).ToArray();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (!reader.IsDBNull(1)) births[reader.GetInt32(0) - 1] = BirthAnswer.Read(reader, key: 2, verdict: 1, status: 4, id: 3);
            else if (!reader.IsDBNull(5)) births[reader.GetInt32(0) - 1] = BirthAnswer.Read(reader, key: 6, verdict: 5, status: 8, id: 7);
        }
        return births;
    }

    private static BundleOutcome Recall(RunBundle bundle, in BirthOutcome birth, Row? found, long worker, List<(long Run, int Operation)> cancelled,
        List<(long Run, int Operation)> expired)
    {
        var outcome = bundle.Birth is null ? new BundleOutcome() : new BundleOutcome { Birth = birth };
        if (!bundle.HasRest(outcome.Birth)) return outcome;
        // Only a closed run can have been deleted since.
        if (found is not { } row) return outcome with { Closed = bundle.Close is not null };
        if (bundle.CancelTasks.Count > 0)
            outcome = outcome with { CancelledTasks = cancelled.Where(task => task.Run == bundle.Run).Select(static task => task.Operation).ToList() };
        if (bundle.Requests is not null)
            outcome = outcome with { ExpiredRequests = expired.Where(request => request.Run == bundle.Run).Select(static request => request.Operation).ToList() };
        if (!bundle.WritesRow()) return outcome;

        var gone = row.Owner != worker || row.Term != bundle.Term;
        // A worker that is alive loses a run by its own hand only; so it was this group that closed one which somebody has reopened since.
        var closed = gone && bundle.Close is not null && (row.Status.IsTerminal() && row.Term == bundle.Term || row.IsWorkerAlive);
        return outcome with { Inbox = row.Inbox, Closed = closed, Released = gone && bundle.Release && !closed };
    }

    /// <summary>The parents that are told of the ends of their children.</summary>
    private static IEnumerable<long> ToldParents(IReadOnlyList<RunBundle> bundles) =>
        bundles.SelectMany(static bundle => bundle.Close?.Messages ?? []).Where(static message => message is { Kind: MessageKind.ChildEnd, RunKey: not 0 }).Select(static message => message.RunKey);

    private readonly record struct Row(long Owner, int Term, long Inbox, RunStatus Status, bool IsWorkerAlive);
}
