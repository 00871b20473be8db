using System.Text.Json;
using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>list</c>, <c>show</c>, <c>events</c>, <c>query</c>, <c>result</c></summary>
public sealed class ReadingTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task List_FiltersAndPages()
    {
        for (var i = 0; i < 3; i++) await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--tag", "batch=list", "--id", $"list-{i}", "--wait");
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--tag", "batch=list", "--id", "list-failing", "--queue", "none");

        var text = await Tool.DoneAsync("list", "--tag", "batch=list", "--status", "completed");
        Assert.Equal(["Run", "list-2", "list-1", "list-0"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]));
        Assert.DoesNotContain('\u001b', text);

        var page = await Tool.JsonAsync("list", "--tag", "batch", "--limit", "3");
        Assert.Equal(["list-failing", "list-2", "list-1"], page.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()));
        var rest = await Tool.RunAsync("list", "--tag", "batch", "--limit", "3", "--cursor", page.GetProperty("next").GetString()!, "-o", "ndjson");
        var line = Assert.Single(rest.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("list-0", JsonElement.Parse(line).GetProperty("id").GetString());
    }

    [Fact]
    public async Task List_FiltersByTextTimesAndReason()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", "found-1", "--key", "Sought-1", "--wait");
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", "found-2", "--queue", "nobody");

        async Task<string> IdsAsync(params string[] words) =>
            string.Join(' ', (await Tool.JsonAsync(["list", .. words])).GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("id").GetString()));
        Assert.Equal("found-2 found-1", await IdsAsync("--text", "FOUND-"));
        Assert.Equal("found-1", await IdsAsync("--text", "sought-1"));
        Assert.Equal("found-1", await IdsAsync("--text", "found-", "--closed-since", "1h"));
        Assert.Equal("", await IdsAsync("--text", "found-", "--closed-until", "1h"));
        Assert.Equal("found-2 found-1", await IdsAsync("--text", "found-", "--updated-since", "1h", "--top-level"));
        Assert.Equal("", await IdsAsync("--text", "found-", "--updated-until", "1h"));
        Assert.Equal("", await IdsAsync("--blocked-reason", "NonDeterminism"));
        Assert.Equal("", await IdsAsync("--parent", "found-1", "--root", "found-1"));
    }

    [Fact]
    public async Task Workflows_AreListedWithTheirRuns()
    {
        await Tool.DoneAsync("start", "unwritten", "--id", "catalogued", "--queue", "nobody");
        var workflow = (await Tool.JsonAsync("workflows")).EnumerateArray().Single(workflow => workflow.GetProperty("name").GetString() == "unwritten");
        Assert.Equal((1, "Pending"), (workflow.GetProperty("runs").GetProperty("Pending").GetInt32(), workflow.GetProperty("lastStatus").GetString()));
        Assert.Matches("\nunwritten +1 Pending +.* Pending", await Tool.DoneAsync("workflow", "list"));
        Assert.Matches("\ntags-itself +1 ", await Tool.DoneAsync("workflows", "--assembly", Tool.App));
    }

    [Theory]
    [InlineData("RunFilter.Text", "--text", "")]
    [InlineData("RunFilter.BlockedReason", "--blocked-reason", "so; DROP")]
    [InlineData("RunFilter.BlockedReason", "--blocked-reason", "CrashLoop", "--status", "failed")]
    [InlineData("There is no status 'Odd'", "--status", "Odd")]
    [InlineData("There is no status '12'", "--status", "12")]
    [InlineData("PERD1001", "--limit", "0")]
    [InlineData("PERD1001", "--cursor", "nonsense")]
    [InlineData("--since is an instant", "--since", "long ago")]
    [InlineData("output format 'xml'", "-o", "xml")]
    public async Task List_ThatCannotBeUnderstood_EndsWith2(string why, params string[] words) => (await Tool.RunAsync(["list", .. words])).Refused(2, why);

    [Fact]
    public async Task Show_OfAWaitingRun_TellsWhatItWaitsFor()
    {
        var id = await store.WaitingRunAsync();
        var text = await Tool.DoneAsync("show", id);
        Assert.Contains("Waits for  signal approved", text, StringComparison.Ordinal);
        var wait = Assert.Single((await Tool.JsonAsync("show", id)).GetProperty("waitingFor").EnumerateArray());
        Assert.Equal("approved", wait.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Show_TellsStepsAndError()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "steps", "--wait");
        Assert.Matches("\n0 +say +step +Completed +1 .*\"Hello Ann\"", await Tool.DoneAsync("show", "steps"));
        var step = Assert.Single((await Tool.JsonAsync("show", "steps")).GetProperty("steps").EnumerateArray());
        Assert.Equal("Hello Ann", step.GetProperty("output").GetString());

        await Tool.RunAsync("start", "fails", "--input", "\"odd\"", "--id", "failing", "--wait");
        Assert.Contains("Error      odd: It was asked to.", await Tool.DoneAsync("show", "failing"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_TextThatOthersWrote_CannotSteerTheTerminal()
    {
        await Tool.RunAsync("start", "fails", "--input", "\"\\u001b[31mred\\u202egnp\"", "--id", "steering", "--wait");
        foreach (var words in (string[][])[["show", "steering"], ["show", "steering", "-o", "json"], ["events", "steering"], ["events", "steering", "-o", "ndjson"]])
            Assert.DoesNotContain(await Tool.DoneAsync(words), c => c is '\u001b' or '\u202e');
        // It is the same text all the same.
        Assert.Equal("\u001b[31mred\u202egnp", (await Tool.JsonAsync("show", "steering")).GetProperty("input").GetString());
    }

    [Fact]
    public async Task Events_AreTheHistory()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "history", "--wait");
        var events = (await Tool.JsonAsync("events", "history")).EnumerateArray().ToArray();
        Assert.Equal(["workflow_started", "step_completed", "workflow_completed"], events.Select(e => e.GetProperty("wireName").GetString()));
        Assert.Equal([0, 1, 2], events.Select(e => e.GetProperty("sequence").GetInt32()));
        Assert.Equal(4, (await Tool.DoneAsync("history", "history")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Single((await Tool.DoneAsync("events", "history", "--from", "2", "-o", "ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Query_OfTheWorkflowsOwn_NeedsItsCode()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "asked", "--wait");
        Assert.Equal("Completed", JsonElement.Parse(await Tool.DoneAsync("query", "asked")).GetProperty("status").GetString());
        (await Tool.RunAsync("query", "asked", "mood")).Refused(1, "PERD1206");
    }

    [Fact]
    public async Task A16_Query_OfANameThatTheRunDoesNotAnswer_EndsWith1()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "unasked", "--wait");
        var events = await Tool.DoneAsync("events", "unasked");
        (await Tool.RunAsync("query", "unasked", "mood", "--assembly", Tool.App)).Refused(1, "PERD1208");
        (await Tool.RunAsync("durable_status", "unasked", "--query", "mood", "--assembly", Tool.App)).Refused(1, "PERD1208");
        (await Tool.RunAsync("query", "nobody", "mood", "--assembly", Tool.App)).Refused(3, "PERD1201");
        Assert.Equal(events, await Tool.DoneAsync("events", "unasked"));
    }

    [Fact]
    public async Task Show_At_IsTheRunAsOfThatEvent()
    {
        await Tool.DoneAsync("start", "approve", "--input", "\"it\"", "--id", "moments");
        await Tool.DoneAsync("signal", "moments", "approved", "true");
        await Tool.DoneAsync("result", "moments", "--wait");

        Assert.Equal("Completed", (await Tool.JsonAsync("show", "moments")).GetProperty("status").GetString());
        var waiting = await Tool.JsonAsync("show", "moments", "--at", "1");
        Assert.Equal(("Suspended", "wait_started"), (waiting.GetProperty("status").GetString(), waiting.GetProperty("event").GetProperty("wireName").GetString()));
        Assert.Equal("approved", Assert.Single(waiting.GetProperty("waitingFor").EnumerateArray()).GetProperty("name").GetString());
        var text = await Tool.DoneAsync("show", "moments", "--at", "1");
        Assert.Contains("As of      1 wait_started", text, StringComparison.Ordinal);
        Assert.Contains("Waits for  signal approved", text, StringComparison.Ordinal);
        (await Tool.RunAsync("show", "moments", "--at", "77")).Refused(2, "there is no event 77");
        (await Tool.RunAsync("show", "moments", "--at", "1", "--query", "status")).Refused(2, "--query");
    }

    [Fact]
    public async Task Result_IsTheResultOrTheReason()
    {
        await Tool.DoneAsync("start", "shout", "--input", "\"hey\"", "--id", "shouted", "--wait");
        Assert.Equal("\"HEY\"\n", await Tool.DoneAsync("result", "shouted"));
        (await Tool.RunAsync("result", await store.WaitingRunAsync())).Refused(6, "has not");
        await Tool.RunAsync("start", "fails", "--input", "\"x\"", "--id", "no-result", "--wait");
        (await Tool.RunAsync("result", "no-result")).Refused(5, "PERD1501");
    }

    [Fact]
    public async Task Module_ComesBeforeWhatIsFound_SoThatItsOptionsCount()
    {
        await Tool.DoneAsync("start", "tags-itself", "--input", "\"x\"", "--id", "by-module", "--wait");
        Assert.Equal("Completed", (await Tool.JsonAsync("show", "by-module")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task Id_MayBeShortened_WhileOnlyOneRunBeginsSo()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"a\"", "--id", "short-ann", "--wait");
        await Tool.DoneAsync("start", "greet", "--input", "\"b\"", "--id", "short-bo", "--wait");
        Assert.Equal("\"Hello a\"\n", await Tool.DoneAsync("result", "short-a"));
        (await Tool.RunAsync("result", "short-")).Refused(2, "short-bo, short-ann");
        (await Tool.RunAsync("show", "nobody")).Refused(3, "PERD1201");
    }
}
