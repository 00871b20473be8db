namespace Perdure.Sqlite.Schema;

/// <summary>All steps of the schema, in order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All =
    [
        new(1, "runs, events, messages, tasks, workers", FirstSchema.Script),
        new(2, "activities of workers", ActivitySchema.Script),
        new(3, "data of runs", DataSchema.Script),
        new(4, "pending signals", PendingSignalSchema.Script),
        new(5, "children of runs", FamilySchema.Script),
        new(6, "chains of runs", ChainSchema.Script),
        new(7, "requests", RequestSchema.Script),
        new(8, "rules of queues", QueueSchema.Script),
        new(9, "code of workers", CodeSchema.Script),
        new(10, "lifetimes of start keys", KeySchema.Script),
    ];
}
