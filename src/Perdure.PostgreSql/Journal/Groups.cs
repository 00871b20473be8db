using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Npgsql;
using Perdure.PostgreSql.Access;

namespace Perdure.PostgreSql.Journal;

/// <summary>Commits what a lane has gathered: the hot path of the store.</summary>
internal sealed class Groups(Database database, HistoryEnds ends)
{
    private readonly LoneBundles _lone = new(database);

    // The row of the lane is the fence: a group that does not find it writes nothing, because all that it writes is joined to it.
    private readonly string _append = database.Sql("""
        WITH lane AS (
            UPDATE {schema}.lane SET last_group = $3 WHERE worker = $1 AND no = $2 AND alive AND last_group = $4 AND barrier < $3 RETURNING 1),
        put AS (
            INSERT INTO {schema}.event(run, seq, count, bytes)
            SELECT e.run, e.seq, e.count, e.bytes FROM lane, unnest($5, $6, $7, $8) AS e(run, seq, count, bytes))
        SELECT {schema}.clock(), EXISTS (SELECT 1 FROM lane)
        """);

    private readonly string _writeData = database.Sql("SELECT {schema}.write_data($1, $2)");
    private readonly string _writeRequests =
        database.Sql("SELECT run, op FROM {schema}.write_requests($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");

    private readonly string _moveRequests = database.Sql("SELECT {schema}.move_requests($1, $2, $3, $4)");

    private readonly string _writeQueueing = QueueingColumns.Text(database);

    private readonly string _writeKeys = KeyColumns.Text(database);

    private readonly string _takeSignals = database.Sql("SELECT {schema}.take_signals($1, $2, $3, $4, $5)");

    // One text for each combination of parts, because what a group does not have is not sent.
    private readonly string[] _write = [.. Enumerable.Range(0, 8).Select(parts => database.Sql(WriteText((GroupParts)parts)))];
    private readonly string[] _writeOrdinary = [.. Enumerable.Range(0, 4).Select(parts => database.Sql(WriteOrdinaryText((GroupParts)parts)))];

    private readonly string _lock = database.Sql("SELECT {schema}.lock_runs($1, $2)");
    private readonly string _follow = database.Sql(FollowText());
    private readonly string _findUnheard = database.Sql(UnheardText);

    /// <summary>Which of some runs have ended, or are gone, and nobody goes on in their place.</summary>
    public const string UnheardText = """
        SELECT p.ord::integer FROM unnest($1) WITH ORDINALITY AS p(run, ord)
        WHERE NOT EXISTS (SELECT 1 FROM {schema}.run r WHERE r.key = {schema}.live_of(p.run) AND r.status < 10)
        """;

    /// <summary>Worker, lane, two numbers; four columns of events.</summary>
    private const int StampAndAppends = 8;

    /// <summary>The mode, and two columns of doubtful ends.</summary>
    private const int LookingAndDoubts = 3;

    private readonly ConcurrentBag<GroupDraft> _drafts = [];

    /// <summary>How closely the server looks at a group.</summary>
    private enum Mode
    {
        /// <summary>It writes, and gives up if a bundle does not fit.</summary>
        Write = 0,
        /// <summary>It looks first, and names all that do not fit.</summary>
        LookFirst = 1,
        /// <summary>It only looks.</summary>
        OnlyLook = 2,
    }

    public async Task<GroupOutcome> CommitAsync(RunGroup group, CancellationToken cancellationToken)
    {
        if (!_drafts.TryTake(out var draft)) draft = new GroupDraft();
        try
        {
            draft.Fill(group, ends);
            var outcome = await CommitAsync(group, draft, cancellationToken);
            if (outcome.Verdict == GroupVerdict.Committed) ends.Note(group.Bundles);
            return outcome;
        }
        finally
        {
            draft.Clear();
            _drafts.Add(draft);
        }
    }

    private async Task<GroupOutcome> CommitAsync(RunGroup group, GroupDraft draft, CancellationToken cancellationToken)
    {
        if (!draft.MustLook && !draft.IsRefused)
        {
            try
            {
                if (draft.OnlyAppends) return await AppendAsync(group, draft, cancellationToken);
                if (LoneBundles.Fits(group, draft)) return await _lone.CommitAsync(group, draft, cancellationToken);
                if (draft.IsOrdinary) return await WriteOrdinaryAsync(group, draft, cancellationToken);
                return await WriteAsync(group, draft, Mode.Write, cancellationToken);
            }
            catch (StoreException e) when (Faults.IsMisfit(e))
            {
                // Rolled back. Ask again, so that all that do not fit are named.
            }
        }
        draft.Fill(group, ends: null);
        return await WriteAsync(group, draft, draft.IsRefused ? Mode.OnlyLook : Mode.LookFirst, cancellationToken);
    }

    private Task<GroupOutcome> AppendAsync(RunGroup group, GroupDraft draft, CancellationToken cancellationToken) => database.AskAsync(
        "commit a group", (this, group, draft),
        static (question, state) =>
        {
            GiveStamp(question.Say(state.Item1._append), state.group.Stamp);
            state.draft.GiveAppends(question);
        },
        static async (reader, state, token) =>
        {
            await reader.ReadAsync(token);
            var now = new Instant(reader.GetInt64(0));
            return reader.GetBoolean(1) ? new GroupOutcome(GroupVerdict.Committed, new Silence(state.group.Bundles.Count), [], now) : new(GroupVerdict.Fenced, [], [], now);
        },
        cancellationToken);

    private Task<GroupOutcome> WriteOrdinaryAsync(RunGroup group, GroupDraft draft, CancellationToken cancellationToken) => database.AskAsync(
        "commit a group", (this, group, draft),
        static (question, state) =>
        {
            GiveStamp(question.Say(state.Item1._writeOrdinary[(int)state.draft.Parts]), state.group.Stamp);
            state.draft.GiveOrdinary(question);
            state.Item1.SayBehind(question, state.group.Stamp, state.draft);
        },
        static (reader, state, token) => GroupAnswer.ReadOrdinaryAsync(reader, state.group, state.draft, token),
        cancellationToken);

    private Task<GroupOutcome> WriteAsync(RunGroup group, GroupDraft draft, Mode mode, CancellationToken cancellationToken) => database.AskAsync(
        "commit a group", (this, group, draft, mode),
        static (question, state) =>
        {
            // Who looks wants to see everything, also that it is empty.
            var parts = state.mode == Mode.Write ? state.draft.Parts : GroupParts.All;
            if (!state.draft.Sequels.IsEmpty) state.draft.Sequels.GiveLocks(question.Say(state.Item1._lock));
            GiveStamp(question.Say(state.Item1._write[(int)parts]), state.group.Stamp);
            question.Give((int)state.mode);
            state.draft.Give(question, parts);
            state.Item1.SayBehind(question, state.group.Stamp, state.draft);
        },
        static (reader, state, token) => GroupAnswer.ReadAsync(reader, state.group, state.draft, token),
        cancellationToken);

    /// <summary>What few groups have is said in statements of its own, which write nothing unless the group was written.</summary>
    private void SayBehind(Question question, in LaneStamp stamp, GroupDraft draft)
    {
        if (draft.HasData) draft.GiveData(question.Say(_writeData));
        // Before the messages of runs, which find a limit there. GroupAnswer reads in this order.
        if (draft.HasSignals) draft.GiveSignals(question.Say(_takeSignals).Give(stamp.Worker).Give(stamp.Lane).Give(stamp.Number));
        if (!draft.Sequels.IsEmpty) draft.Sequels.Give(question.Say(_follow).Give(stamp.Worker).Give(stamp.Lane).Give(stamp.Number));
        if (draft.Sequels.HasEnds) draft.Sequels.GiveToldParents(question.Say(_findUnheard));
        if (draft.HasRequests) draft.GiveRequests(question.Say(_writeRequests));
        if (draft.MovesRequests) draft.GiveMoves(question.Say(_moveRequests));
        if (draft.HasQueueing) draft.GiveQueueing(question.Say(_writeQueueing));
        if (draft.HasKeys) draft.GiveKeys(question.Say(_writeKeys));
    }

    private static string WriteText(GroupParts parts) => Call("SELECT what, run, number, code, status, id FROM {schema}.write_group",
        (StampAndAppends + LookingAndDoubts, true), (RowColumns.Parameters + 1, (parts & GroupParts.Rows) != 0), (BirthColumns.Parameters, (parts & GroupParts.Births) != 0),
        (TaskColumns.Parameters, (parts & GroupParts.Tasks) != 0));

    private static string WriteOrdinaryText(GroupParts parts) => Call("SELECT {schema}.write_ordinary_group",
        (StampAndAppends, true), (RowColumns.Parameters, (parts & GroupParts.Rows) != 0), (BirthColumns.PlainParameters, (parts & GroupParts.Births) != 0));

    /// <summary>A call of a function, whose parameters are given or NULL, in runs of several.</summary>
    private static string Call(string function, params ReadOnlySpan<(int Count, bool Given)> parameters)
    {
        var sql = new StringBuilder(function).Append('(');
        var number = 0;
        foreach (var (count, given) in parameters)
        {
            for (var i = 0; i < count; i++)
            {
                if (sql[^1] != '(') sql.Append(", ");
                if (given) sql.Append(CultureInfo.InvariantCulture, $"${++number}");
                else sql.Append("NULL");
            }
        }
        return sql.Append(')').ToString();
    }

    private static string FollowText() =>
        $"SELECT run, inbox FROM {{schema}}.follow_group_2({string.Join(", ", Enumerable.Range(1, SequelColumns.Parameters + 3).Select(static n => string.Create(CultureInfo.InvariantCulture, $"${n}")))})";

    /// <summary>The lane, and the numbers of this group and of the one before it: the first parameters of every group.</summary>
    public static void GiveStamp(Question question, in LaneStamp stamp) =>
        question.Give(stamp.Worker).Give(stamp.Lane).Give(stamp.Number).Give(stamp.Previous);
}
