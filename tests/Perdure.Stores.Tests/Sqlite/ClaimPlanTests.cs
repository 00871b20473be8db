using System.Reflection;
using Perdure.Sqlite;
using Perdure.Sqlite.Native;
using Perdure.Stores.Tests.Contract;
using SQLitePCL;

namespace Perdure.Stores.Tests.Sqlite;

/// <summary>What the statements of a claim read, however long the queue is.</summary>
public sealed class ClaimPlanTests
{
    public static TheoryData<string, string> Statements
    {
        get
        {
            var statements = new TheoryData<string, string>();
            foreach (var type in typeof(SqliteStore).Assembly.GetTypes().Where(type => type.Namespace is "Perdure.Sqlite.Claims" or "Perdure.Sqlite.Tasks"))
            {
                foreach (var constant in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public))
                {
                    if (constant.GetValue(null) is Sql sql && !sql.Text.StartsWith("INSERT", StringComparison.Ordinal)) statements.Add($"{type.Name}.{constant.Name}", sql.Text);
                    if (constant.GetValue(null) is not ValueTuple<Sql, Sql> (var open, var aside)) continue;
                    statements.Add($"{type.Name}.{constant.Name}", open.Text);
                    statements.Add($"{type.Name}.{constant.Name}, put aside", aside.Text);
                }
            }
            return statements;
        }
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task M21_EveryStatementOfAClaimSearchesAnIndexAndScansNoTable(string name, string sql)
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        using var db = file.Connect();
        using var plan = db.Prepare("EXPLAIN QUERY PLAN " + sql);
        var lines = new List<string>();
        while (plan.Read()) lines.Add(plan.Text(3));

        // The names that a claim brings along are no table.
        lines.RemoveAll(line => line.StartsWith("SCAN TABLE json_each VIRTUAL TABLE", StringComparison.Ordinal));
        // Workers that are alive are few, and have an index of their own.
        var alive = lines.RemoveAll(line => line.StartsWith("SCAN", StringComparison.Ordinal) && line.EndsWith("perdure_worker_alive", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.StartsWith("SCAN", StringComparison.Ordinal));
        // Only what one claim took is ever sorted whole, never what waits; of that at most those that are due at the same instant.
        if (!name.EndsWith("Taken", StringComparison.Ordinal)) Assert.DoesNotContain("USE TEMP B-TREE FOR ORDER BY", lines);
        if (alive == 0) Assert.Contains(lines, line => line.StartsWith("SEARCH", StringComparison.Ordinal));
    }

    [Fact]
    public async Task M21_FindingFiftyRunsAmongAHundredThousand_TakesNoMoreStepsThanAmongAHundred()
    {
        var few = await StepsAsync(backlog: 100);
        var many = await StepsAsync(backlog: 100_000);

        Assert.InRange(few, 50, 5000);
        Assert.Equal(few, many);
    }

    /// <summary>How many steps SQLite's machine makes until it has found the first fifty due runs of a queue.</summary>
    private static async Task<int> StepsAsync(int backlog)
    {
        using var file = new TempDatabase();
        await using var store = await file.OpenAsync();
        for (var first = 1; first <= backlog; first += 2000)
            await store.StartRunsAsync([.. Enumerable.Range(first, Math.Min(2000, backlog)).Select(key => Make.Birth(key))], Make.Never);
        var due = (string)Statements.Single(statement => (string)statement[0] == "Shelf.Due")[1];

        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open(file.Path, out var db));
        using (db)
        {
            Assert.Equal(raw.SQLITE_OK, raw.sqlite3_prepare_v2(db, due, out var statement));
            using (statement)
            {
                raw.sqlite3_bind_text(statement, 2, "default");
                raw.sqlite3_bind_int64(statement, 3, 0);
                raw.sqlite3_bind_int64(statement, 4, long.MaxValue);
                raw.sqlite3_bind_int64(statement, 5, -1);
                for (var i = 0; i < 50; i++) Assert.Equal(raw.SQLITE_ROW, raw.sqlite3_step(statement));
                return raw.sqlite3_stmt_status(statement, raw.SQLITE_STMTSTATUS_VM_STEP, 0);
            }
        }
    }
}
