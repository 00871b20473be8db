namespace Perdure.PostgreSql.Schema;

/// <summary>All steps of the schema, in order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All =
    [
        Migration.FromScripts(1, "runs, events, messages, tasks, workers"),
        Migration.FromScripts(2, "data of runs"),
        Migration.FromScripts(3, "pending signals"),
        Migration.FromScripts(4, "children of runs"),
        Migration.FromScripts(5, "chains of runs"),
        Migration.FromScripts(6, "requests"),
        Migration.FromScripts(7, "waits behind losses"),
        Migration.FromScripts(8, "rules of queues"),
        Migration.FromScripts(9, "code of workers"),
        Migration.FromScripts(10, "ordinary groups"),
        Migration.FromScripts(11, "requests that go on"),
        Migration.FromScripts(12, "waits of tasks behind losses"),
        Migration.FromScripts(13, "purges in order of age"),
        Migration.FromScripts(14, "claims of mixed fleets"),
        Migration.FromScripts(15, "suspects among tasks"),
        Migration.FromScripts(16, "runs of schedules"),
        Migration.FromScripts(17, "expired requests that go on"),
        Migration.FromScripts(18, "lone bundles"),
        Migration.FromScripts(19, "lifetimes of start keys"),
    ];
}
