namespace Perdure.PostgreSql.Schema;

/// <summary>All steps of the schema, in order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All =
    [
        Migration.FromScripts(1, "runs, events, messages, tasks, workers", oldest: 1),
        Migration.FromScripts(2, "data of runs", oldest: 2),
        Migration.FromScripts(3, "pending signals", oldest: 3),
        Migration.FromScripts(4, "children of runs", oldest: 4),
        Migration.FromScripts(5, "chains of runs", oldest: 5),
        Migration.FromScripts(6, "requests", oldest: 6),
        Migration.FromScripts(7, "waits behind losses", oldest: 7),
        Migration.FromScripts(8, "rules of queues", oldest: 8),
        Migration.FromScripts(9, "code of workers", oldest: 9),
        Migration.FromScripts(10, "ordinary groups", oldest: 10),
        Migration.FromScripts(11, "requests that go on", oldest: 11),
        Migration.FromScripts(12, "waits of tasks behind losses", oldest: 12),
        Migration.FromScripts(13, "purges in order of age", oldest: 13),
        Migration.FromScripts(14, "claims of mixed fleets", oldest: 14),
        Migration.FromScripts(15, "suspects among tasks", oldest: 15),
        Migration.FromScripts(16, "runs of schedules", oldest: 16),
        Migration.FromScripts(17, "expired requests that go on", oldest: 17),
        Migration.FromScripts(18, "lone bundles", oldest: 18),
        Migration.FromScripts(19, "lifetimes of start keys", oldest: 18),
        Migration.FromScripts(Migration.FirstThatSaysOldest, "who may work on the schema", oldest: 18),
        Migration.FromScripts(21, "runs of schedules are reopened", oldest: 20),
        Migration.FromScripts(22, "suspects in aged queues", oldest: 20),
        Migration.FromScripts(23, "runs pinned to builds", oldest: 20),
        Migration.FromScripts(24, "queues and orders of workers", oldest: 20),
    ];
}
