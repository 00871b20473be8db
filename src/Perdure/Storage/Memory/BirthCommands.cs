namespace Perdure.Storage.Memory;

/// <summary>Creating runs: who holds an id or a start key, and what a start that finds it taken is told.</summary>
internal sealed class BirthCommands(RunTable runs)
{
    public IReadOnlyList<BirthOutcome> Start(IReadOnlyList<RunBirth> births, Instant now)
    {
        var keys = new Dictionary<long, string>();
        foreach (var birth in births)
        {
            Check(birth);
            if (!keys.TryAdd(birth.Key, birth.Id) && keys[birth.Key] != birth.Id) throw KeyTaken(birth, keys[birth.Key]);
        }
        var outcomes = new BirthOutcome[births.Count];
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = FindOwn(births[i]) ?? FindOther(births[i], now) ?? Create(births[i], 0, now);
        return outcomes;
    }

    /// <summary>
    /// Creates one run for a group. An owned birth whose run exists already was made on another way: that run is not the caller's to
    /// write, so it is told <see cref="BirthVerdict.Existing"/>.
    /// </summary>
    public BirthOutcome Start(RunBirth birth, long owner, Instant now)
    {
        if (FindOwn(birth) is { } own) return owner == 0 ? own : own with { Verdict = BirthVerdict.Existing };
        return FindOther(birth, now) ?? Create(birth, owner, now);
    }

    /// <summary>What a committed birth was told, read from the rows. A key that has become free since was held then: whoever asked did so from its creation on.</summary>
    public BirthOutcome Recall(RunBirth birth)
    {
        if ((FindOwn(birth) ?? FindOther(birth, birth.CreatedAt)) is { } holder) return holder;
        // A run that has failed since made no room then. If there is none, ours was created and deleted since.
        var asked = birth.OnConflict == ConflictPolicy.RestartIfFailed ? birth with { OnConflict = ConflictPolicy.UseExisting } : birth;
        return FindOther(asked, birth.CreatedAt) ?? new BirthOutcome(BirthVerdict.Created, birth.Key, birth.Id, null);
    }

    /// <summary>Refuses a birth that can never be stored.</summary>
    public void Check(RunBirth birth)
    {
        if (runs.Find(birth.Key) is { } run && run.Birth.Id != birth.Id) throw KeyTaken(birth, run.Birth.Id);
    }

    private static StoreException KeyTaken(RunBirth birth, string holder) => new(
        StoreFault.Data,
        $"The store cannot create run '{birth.Id}': its key {birth.Key} belongs to run '{holder}'. Reserve new keys.");

    /// <summary>The run of this very start, which is repeated.</summary>
    private BirthOutcome? FindOwn(RunBirth birth)
    {
        if (runs.Find(birth.Id) is { } run && (run.Key == birth.Key || !birth.ChosenId)) return Answer(BirthVerdict.Created, run);
        return birth.StartKey is { } startKey && runs.FindStartKey(startKey) is { } held && held.Run == birth.Key
            ? new BirthOutcome(BirthVerdict.Created, held.Run, held.RunId, null)
            : null;
    }

    /// <summary>The other run that holds the start key or the chosen id and is not to be replaced.</summary>
    private BirthOutcome? FindOther(RunBirth birth, Instant now)
    {
        var taken = birth.OnConflict == ConflictPolicy.Fail ? BirthVerdict.AlreadyExists : BirthVerdict.Existing;
        if (birth.StartKey is { } startKey && runs.FindHeldKey(startKey, now) is { } held)
        {
            var former = runs.Find(held.Run);
            if (!IsSameStart(birth, held)) return new BirthOutcome(BirthVerdict.KeyConflict, held.Run, held.RunId, former?.Status);
            var restart = birth.OnConflict == ConflictPolicy.RestartIfFailed && former is not null && IsFailure(former.Status);
            if (!restart) return new BirthOutcome(taken, held.Run, held.RunId, former?.Status);
        }
        // An id is unique for ever: unlike a key it cannot move on to a new run, so a failed run that holds it is answered as well.
        if (birth.ChosenId && runs.Find(birth.Id) is { } run)
            return Answer(IsSameStart(birth, StartKeyRow.Of(run.Birth)) ? taken : BirthVerdict.KeyConflict, run);
        return null;
    }

    private BirthOutcome Create(RunBirth birth, long owner, Instant now)
    {
        var run = new RunRow(birth, now);
        if (owner != 0)
        {
            run.Owner = owner;
            run.Term = 1;
            run.Status = RunStatus.Running;
        }
        run.Append(birth.Events);
        run.Touch(now);
        runs.Add(run);
        return Answer(BirthVerdict.Created, run);
    }

    private static bool IsSameStart(RunBirth birth, StartKeyRow held) =>
        birth.Workflow == held.Workflow && birth.InputHash.Span.SequenceEqual(held.InputHash.Span);

    private static bool IsFailure(RunStatus status) =>
        status is RunStatus.Failed or RunStatus.Cancelled or RunStatus.TimedOut or RunStatus.Terminated or RunStatus.CompensationFailed;

    private static BirthOutcome Answer(BirthVerdict verdict, RunRow run) => new(verdict, run.Key, run.Birth.Id, run.Status);
}
