namespace Perdure.Sqlite.Schema;

/// <summary>All steps of the schema, in order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All =
    [
        new(1, "runs, events, messages, tasks, workers", FirstSchema.Script, Oldest: 1),
        new(2, "activities of workers", ActivitySchema.Script, Oldest: 2),
        new(3, "data of runs", DataSchema.Script, Oldest: 3),
        new(4, "pending signals", PendingSignalSchema.Script, Oldest: 4),
        new(5, "children of runs", FamilySchema.Script, Oldest: 5),
        new(6, "chains of runs", ChainSchema.Script, Oldest: 6),
        new(7, "requests", RequestSchema.Script, Oldest: 7),
        new(8, "rules of queues", QueueSchema.Script, Oldest: 8),
        new(9, "code of workers", CodeSchema.Script, Oldest: 9),
        new(10, "lifetimes of start keys", KeySchema.Script, Oldest: 9),
        new(CompatibilitySchema.Version, "who may work on the schema", CompatibilitySchema.Script, Oldest: 9),
        new(12, "runs pinned to builds", BuildSchema.Script, Oldest: 9),
        new(13, "queues and orders of workers", WorkerSchema.Script, Oldest: 9),
    ];
}
