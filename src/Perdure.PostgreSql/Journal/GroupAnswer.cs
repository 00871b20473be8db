using Npgsql;

namespace Perdure.PostgreSql.Journal;

/// <summary>Reads what the server answers to a group: only what is not as every owner expects it has a row.</summary>
internal static class GroupAnswer
{
    public static async Task<GroupOutcome> ReadAsync(NpgsqlDataReader reader, RunGroup group, GroupDraft draft, CancellationToken cancellationToken)
    {
        var outcomes = Expected(group.Bundles);
        List<Refusal>? refusals = null;
        var verdict = GroupVerdict.Fenced;
        var now = Instant.Earliest;
        // Before a group with sequels its runs were locked.
        if (!draft.Sequels.IsEmpty) await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            switch (reader.GetInt32(0))
            {
                case 0:
                    (now, verdict) = (new(reader.GetInt64(2)), (GroupVerdict)reader.GetInt32(3));
                    break;
                case 1:
                    (refusals ??= []).Add(new(reader.GetInt64(1), (RefusalReason)reader.GetInt32(3)));
                    break;
                case 2:
                    var birth = draft.PlaceOfBirth(reader.GetInt64(1));
                    outcomes[birth] = new BundleOutcome { Birth = Existing(reader, group.Bundles[birth].Owned) };
                    break;
                case 3:
                    var place = draft.PlaceOfRow(reader.GetInt64(1));
                    var changes = reader.GetInt32(3);
                    outcomes[place] = outcomes[place] with { Inbox = reader.GetInt64(2), Closed = (changes & 1) != 0, Released = (changes & 2) != 0 };
                    break;
                case 4:
                    Cancelled(group.Bundles, outcomes, reader.GetInt64(1), reader.GetInt32(3));
                    break;
            }
        }
        await ReadBehindAsync(reader, group, draft, outcomes, cancellationToken);
        if (verdict != GroupVerdict.Refused) return new(verdict, verdict == GroupVerdict.Committed ? outcomes : [], [], now);
        return new(verdict, [], WithOutOfOrder(group.Bundles, refusals), now);
    }

    /// <summary>The answer to an ordinary group: nothing but the clock, unless somebody has sent a message that its run has not read.</summary>
    public static async Task<GroupOutcome> ReadOrdinaryAsync(NpgsqlDataReader reader, RunGroup group, GroupDraft draft, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var answer = reader.GetFieldValue<long[]>(0);
        if (answer[0] < 0) return new(GroupVerdict.Fenced, [], [], new(-answer[0]));
        var outcomes = Expected(group.Bundles);
        draft.ExpectRows(group.Bundles, outcomes);
        var unread = (answer.Length - 1) / 2;
        for (var i = 1; i <= unread; i++)
        {
            ref var outcome = ref outcomes[draft.PlaceOfRow(answer[i])];
            outcome = outcome with { Inbox = answer[unread + i], Closed = false, Released = false };
        }
        await ReadBehindAsync(reader, group, draft, outcomes, cancellationToken);
        return new(GroupVerdict.Committed, outcomes, [], new(answer[0]));
    }

    /// <summary>The answer to a group of one run that was born or has ended: the clock.</summary>
    public static async Task<GroupOutcome> ReadLoneAsync(NpgsqlDataReader reader, RunGroup group, GroupDraft draft, CancellationToken cancellationToken)
    {
        await reader.ReadAsync(cancellationToken);
        var now = reader.GetInt64(0);
        if (now < 0) return new(GroupVerdict.Fenced, [], [], new(-now));
        var outcomes = Expected(group.Bundles);
        draft.ExpectRows(group.Bundles, outcomes);
        return new(GroupVerdict.Committed, outcomes, [], new(now));
    }

    /// <summary>The answers to what is said behind the group.</summary>
    private static async Task ReadBehindAsync(NpgsqlDataReader reader, RunGroup group, GroupDraft draft, BundleOutcome[] outcomes, CancellationToken cancellationToken)
    {
        if (draft.HasData) await reader.NextResultAsync(cancellationToken);
        if (draft.HasSignals) await reader.NextResultAsync(cancellationToken);
        if (!draft.Sequels.IsEmpty)
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) draft.Sequels.Correct(outcomes, reader.GetInt64(0), reader.GetInt64(1));
        }
        if (draft.Sequels.HasEnds)
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken)) draft.Sequels.NoteUnheard(outcomes, reader.GetInt32(0));
        }
        if (draft.HasRequests) await ReadExpiredAsync(reader, group.Bundles, outcomes, cancellationToken);
    }

    /// <summary>The answer of what follows the group: requests that have expired.</summary>
    private static async Task ReadExpiredAsync(NpgsqlDataReader reader, IReadOnlyList<RunBundle> bundles, BundleOutcome[] outcomes, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (run, operation) = (reader.GetInt64(0), reader.GetInt32(1));
            for (var i = 0; i < outcomes.Length; i++)
                if (bundles[i].Run == run) outcomes[i] = outcomes[i] with { ExpiredRequests = [.. outcomes[i].ExpiredRequests ?? [], operation] };
        }
    }

    /// <summary>What the bundles are told unless the server says otherwise.</summary>
    private static BundleOutcome[] Expected(IReadOnlyList<RunBundle> bundles)
    {
        var outcomes = new BundleOutcome[bundles.Count];
        for (var i = 0; i < outcomes.Length; i++)
        {
            var bundle = bundles[i];
            var cancelled = bundle.CancelTasks.Count == 0 ? null : new List<int>();
            outcomes[i] = bundle.Birth is not { } birth ? new BundleOutcome { CancelledTasks = cancelled } : new BundleOutcome
            {
                Birth = new(BirthVerdict.Created, birth.Key, birth.Id, bundle.Owned ? RunStatus.Running : RunStatus.Pending),
                Inbox = bundle.Owned ? 0 : BundleOutcome.InboxUnknown,
                CancelledTasks = bundle.Owned ? cancelled : null,
            };
        }
        return outcomes;
    }

    /// <summary>A run that an owner's group finds already made was made on another way, and is not that owner's to write.</summary>
    private static BirthOutcome Existing(NpgsqlDataReader row, bool owned)
    {
        var found = BirthAnswer.Read(row, key: 2, verdict: 3, status: 4, id: 5);
        return owned && found.Verdict == BirthVerdict.Created ? found with { Verdict = BirthVerdict.Existing } : found;
    }

    private static void Cancelled(IReadOnlyList<RunBundle> bundles, BundleOutcome[] outcomes, long run, int operation)
    {
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (bundles[i].Run == run && outcomes[i].CancelledTasks is List<int> cancelled) cancelled.Add(operation);
        }
    }

    private static List<Refusal> WithOutOfOrder(IReadOnlyList<RunBundle> bundles, List<Refusal>? refusals)
    {
        var all = new List<Refusal>();
        for (var i = 0; i < bundles.Count; i++)
        {
            var found = refusals?.FindIndex(refusal => refusal.Run == bundles[i].Run) ?? -1;
            if (bundles[i].IsOutOfOrder()) all.Add(new(bundles[i].Run, RefusalReason.NotOwned));
            else if (found >= 0) all.Add(refusals![found]);
        }
        return all;
    }
}
