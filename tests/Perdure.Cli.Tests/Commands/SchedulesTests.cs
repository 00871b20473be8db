using System.Text.Json;
using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure schedules</c>: the application registers one, and a worker keeps it.</summary>
public sealed class SchedulesTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task Schedules_AreListedShownAndTriggered()
    {
        await BecomesAsync(static schedule => schedule.GetProperty("nextAt").ValueKind == JsonValueKind.String);
        Assert.Contains("yearly-greeting", await Tool.DoneAsync("schedules", "list"), StringComparison.Ordinal);
        Assert.Contains("Europe/Berlin", await Tool.DoneAsync("schedule", "show", "yearly-greeting"), StringComparison.Ordinal);
        var next = await Tool.JsonAsync("schedules", "next", "yearly-greeting", "--count", "2");
        Assert.All(next.EnumerateArray(), static time => Assert.EndsWith("-12-31T23:00:00+00:00", time.GetString(), StringComparison.Ordinal));
        Assert.Equal(2, next.GetArrayLength());

        Assert.Equal("yearly-greeting Triggered\n", await Tool.DoneAsync("schedules", "trigger", "yearly-greeting", "--input", "\"Bo\""));
        var triggered = await BecomesAsync(static schedule => schedule.GetProperty("succeeded").GetInt32() == 1);
        Assert.Equal("\"Hello Bo\"\n", await Tool.DoneAsync("result", triggered.GetProperty("lastRunId").GetString()!));
        Assert.DoesNotContain("_schedule", await Tool.DoneAsync("list"), StringComparison.Ordinal);

        await Tool.DoneAsync("schedules", "pause", "yearly-greeting", "--reason", "holiday");
        Assert.Equal("holiday", (await BecomesAsync(static schedule => schedule.GetProperty("isPaused").GetBoolean())).GetProperty("pauseReason").GetString());
        await Tool.DoneAsync("schedules", "resume", "yearly-greeting");
        await BecomesAsync(static schedule => !schedule.GetProperty("isPaused").GetBoolean());

        await Tool.DoneAsync("schedules", "backfill", "yearly-greeting", "--from", "2020-01-01", "--to", "2022-01-02");
        await BecomesAsync(static schedule => schedule.GetProperty("succeeded").GetInt32() == 3);
        await Tool.DoneAsync("schedules", "delete", "yearly-greeting", "--yes");
        await Until.TrueAsync(() => Tool.RunAsync("schedules", "show", "yearly-greeting").Result.ExitCode == 3, static () => "the schedule is gone");
    }

    [Theory]
    [InlineData(3, "PERD1230", "schedules", "pause", "nobody")]
    [InlineData(3, "There is no schedule", "schedules", "show", "nobody")]
    [InlineData(2, "--from is an instant", "schedules", "backfill", "nobody", "--from", "x", "--to", "2022-01-02")]
    [InlineData(2, "PERD1002", "schedules", "pause", "_x")]
    public async Task Schedules_ThatAreNotThere_AreNamed(int exitCode, string why, params string[] words) => (await Tool.RunAsync(words)).Refused(exitCode, why);

    private async Task<JsonElement> BecomesAsync(Func<JsonElement, bool> condition)
    {
        var last = default(JsonElement);
        await Until.TrueAsync(() =>
        {
            var answer = Tool.RunAsync("schedules", "show", "yearly-greeting", "-o", "json").Result;
            if (answer.ExitCode != 0) return false;
            using var document = JsonDocument.Parse(answer.Output);
            last = document.RootElement.Clone();
            return condition(last);
        }, () => $"the schedule to change; it is {last}");
        return last;
    }
}
