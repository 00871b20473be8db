using Perdure.Sqlite.Native;
using Perdure.Sqlite.Reading;

namespace Perdure.Sqlite.Journal;

/// <summary>Creates runs, and finds out whose a start key or a chosen id is.</summary>
internal static class Births
{
    private static readonly Sql InsertRun = new("""
        INSERT INTO perdure_run(key, id, workflow, version, queue, priority, status, phase, owner, term, claim, events, inbox, due_at,
            crashes, losses, max_crashes, created_at, updated_at, closed_at, deadline, semantics, start_key, tags)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8, ?9, 0, ?10, 0, ?11, 0, 0, ?12, ?13, ?14, NULL, ?15, ?16, ?17, ?18)
        """);

    private static readonly Sql WriteQueueing = new("UPDATE perdure_run SET concurrency_key = ?2, start_deadline = ?3, build = ?4 WHERE key = ?1");

    private static readonly Sql InsertTag = new("INSERT INTO perdure_tag(name, value, run) VALUES(?1, ?2, ?3)");

    private static readonly Sql HoldKey = new("""
        INSERT INTO perdure_start_key(key, run, run_id, workflow, input_hash, free_at) VALUES(?1, ?2, ?3, ?4, ?5, ?6)
        ON CONFLICT(key) DO UPDATE SET run = excluded.run, run_id = excluded.run_id, workflow = excluded.workflow, input_hash = excluded.input_hash, free_at = excluded.free_at
        """);

    /// <summary>
    /// Creates a run for <paramref name="owner"/> (0 for nobody), or answers who holds its key or id.
    /// <paramref name="events"/> begins with the birth's own; <paramref name="isNew"/> says whether this call created it.
    /// </summary>
    public static BirthOutcome Give(Connection db, RunBirth birth, long owner, in EventBatch events, Instant now, out bool isNew)
    {
        isNew = false;
        var contested = birth.StartKey is not null || birth.ChosenId;
        if (contested && Holders.Find(db, birth, now) is { } holder) return Existing(holder, owner);
        // An id that the engine made is taken only by the same start, sent twice; so it is worth trying first.
        if (!Insert(db, birth, owner, events, now)) return Existing(Holders.Find(db, birth, now) ?? throw EventLog.KeyTaken(birth), owner);

        isNew = true;
        EventLog.Begin(db, birth, events);
        if (birth.ConcurrencyKey is not null || birth.Build is not null || !birth.StartDeadline.IsNever)
            db.Use(WriteQueueing).Bind(1, birth.Key).Bind(2, birth.ConcurrencyKey).BindUnlessNever(3, birth.StartDeadline).Bind(4, birth.Build).Do();
        if (birth.StartKey is { } startKey)
            db.Use(HoldKey).Bind(1, startKey).Bind(2, birth.Key).Bind(3, birth.Id).Bind(4, birth.Workflow).Bind(5, birth.InputHash)
                .BindUnlessNever(6, birth.KeyFreeAt).Do();
        if (birth.Tags is { Count: > 0 } tags)
        {
            foreach (var (name, value) in tags) db.Use(InsertTag).Bind(1, name).Bind(2, value).Bind(3, birth.Key).Do();
        }
        return new(BirthVerdict.Created, birth.Key, birth.Id, owner == 0 ? RunStatus.Pending : RunStatus.Running);
    }

    /// <summary>What <see cref="Give"/> answered when it was committed. A key that has become free since was held then: whoever asked did so from its creation on.</summary>
    public static BirthOutcome Recall(Connection db, RunBirth birth)
    {
        if (Holders.Find(db, birth, birth.CreatedAt) is { } holder) return holder;
        // A run that has failed since made no room then. If there is none, ours was created and deleted since.
        var asked = birth.OnConflict == ConflictPolicy.RestartIfFailed ? birth with { OnConflict = ConflictPolicy.UseExisting } : birth;
        return Holders.Find(db, asked, birth.CreatedAt) ?? new(BirthVerdict.Created, birth.Key, birth.Id, null);
    }

    /// <summary>A run that an owner's group finds already made was made on another way, and is not that owner's to write.</summary>
    private static BirthOutcome Existing(BirthOutcome found, long owner) =>
        owner != 0 && found.Verdict == BirthVerdict.Created ? found with { Verdict = BirthVerdict.Existing } : found;

    private static bool Insert(Connection db, RunBirth birth, long owner, in EventBatch events, Instant now) => db.Use(InsertRun)
        .Bind(1, birth.Key).Bind(2, birth.Id).Bind(3, birth.Workflow).Bind(4, birth.Version).Bind(5, birth.Queue).Bind(6, birth.Priority)
        .Bind(7, (int)(owner == 0 ? RunStatus.Pending : RunStatus.Running)).Bind(8, owner).Bind(9, owner == 0 ? 0 : 1)
        .Bind(10, events.Count).Bind(11, birth.DueAt.Micros).Bind(12, birth.MaxCrashes)
        .Bind(13, birth.CreatedAt.Micros).Bind(14, now.Micros)
        .BindUnlessNever(15, birth.Deadline).Bind(16, birth.EngineSemantics).Bind(17, birth.StartKey).Bind(18, TagText.Write(birth.Tags))
        .TryInsert();
}
