using System.Net;
using System.Text.Json;

namespace Perdure.Processes.Tests.Samples;

/// <summary>The pump sample behind a real server on this machine, woken by plain requests, killed in between.</summary>
public class PumpTests
{
    private const string Program = "Pump";

    [Fact]
    public async Task PlainRequests_DriveWhatIsDueAndNothingElse_AlsoOverADeath()
    {
        using var folder = new TempFolder();
        var database = folder.File("pump.db");
        DateTimeOffset due;
        await using (var first = Child.Start(Program, "--urls", "http://127.0.0.1:0", "--db", database))
        {
            using var http = await ConnectAsync(first);
            Assert.Equal("tea is noted.\n", await TextAsync(http.PostAsync("/reminders/tea?seconds=2", null)));
            Assert.Equal("tea was noted before.\n", await TextAsync(http.PostAsync("/reminders/tea?seconds=2", null)));
            Assert.Equal("Pending\n", await TextAsync(http.GetAsync("/reminders/tea")));
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/reminders/nobody")).StatusCode);

            var (processed, nextDue) = await PumpAsync(http);
            Assert.Equal(1, processed);
            Assert.Equal("Suspended\n", await TextAsync(http.GetAsync("/reminders/tea")));
            due = nextDue!.Value;
            Assert.Contains("[note] tea", first.Output, StringComparison.Ordinal);
            await first.KillAsync();
        }
        await using var second = Child.Start(Program, "--urls", "http://127.0.0.1:0", "--db", database);
        using var again = await ConnectAsync(second);
        // Whoever calls comes at the told instant, and again when it was too early.
        DateTimeOffset? next = due;
        while (next is { } at)
        {
            var wait = at - DateTimeOffset.UtcNow;
            if (wait > TimeSpan.Zero) await Task.Delay(wait);
            (_, next) = await PumpAsync(again);
        }
        Assert.True(DateTimeOffset.UtcNow >= due);
        Assert.Equal("Completed\n", await TextAsync(again.GetAsync("/reminders/tea")));
        Assert.Contains("[remind] tea", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("[note]", second.Output, StringComparison.Ordinal);
        Assert.Equal(["[note] tea", "[remind] tea"], Readme.LinesOf(Program));
    }

    private static async Task<HttpClient> ConnectAsync(Child server)
    {
        const string told = "Listening on ";
        await server.WroteAsync(told + "http://127.0.0.1:");
        await Until.TrueAsync(() => Task.FromResult(server.Output.Contains('\n', StringComparison.Ordinal)), "the server says where it is");
        var line = Readme.Lines(server.Output).First(line => line.StartsWith(told, StringComparison.Ordinal));
        return new HttpClient { BaseAddress = new Uri(line[told.Length..]) };
    }

    private static async Task<string> TextAsync(Task<HttpResponseMessage> call) => await (await call).EnsureSuccessStatusCode().Content.ReadAsStringAsync();

    private static async Task<(int Processed, DateTimeOffset? NextDue)> PumpAsync(HttpClient http)
    {
        using var report = JsonDocument.Parse(await TextAsync(http.PostAsync("/pump", null)));
        var next = report.RootElement.GetProperty("nextDue");
        return (report.RootElement.GetProperty("processed").GetInt32(), next.ValueKind == JsonValueKind.Null ? null : next.GetDateTimeOffset());
    }
}
