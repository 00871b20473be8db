using System.Text.Json;
using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>inputs</c>, <c>input</c>, <c>hooks</c>, <c>explain</c>, <c>graph</c>, queries of the workflow's own.</summary>
public sealed class PeopleTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task AQuestionAndAHook_AreListed_Answered_AndTheRunGoesOn()
    {
        await Tool.DoneAsync("start", "ask-people", "--input", "\"tea\"", "--id", "asking");
        await WaitsForAsync("asking", "approve");

        Assert.Contains("May tea go out?", await Tool.DoneAsync("inputs", "list", "--run", "asking"), StringComparison.Ordinal);
        var input = Assert.Single((await Tool.JsonAsync("inputs", "list", "--run", "asking", "--assignee", "ann")).GetProperty("inputs").EnumerateArray());
        Assert.Equal(("approve", "Approval", "Pending"), (Text(input, "name"), Text(input, "kind"), Text(input, "status")));
        Assert.Equal("", await Tool.DoneAsync("inputs", "list", "--assignee", "bo", "-o", "ndjson"));

        (await Tool.RunAsync("input", "asking", "approve", "\"perhaps\"")).Refused(2, "true or false");
        (await Tool.RunAsync("inputs", "answer", "asking", "other", "true")).Refused(4, "does not ask 'other'");
        Assert.Equal("asking Answered\n", await Tool.DoneAsync("input", "asking", "approve", "true", "--by", "ann", "--request", Text(input, "requestId")!));
        await WaitsForAsync("asking", "carrier");
        (await Tool.RunAsync("input", "asking", "approve", "true")).Refused(4, "answered already");

        var token = (await Tool.JsonAsync("show", "asking")).GetProperty("data").GetProperty("all").GetProperty("token").GetString()!;
        Assert.Contains("0 of 1", await Tool.DoneAsync("hooks", "list", "--run", "asking"), StringComparison.Ordinal);
        Assert.Equal("Pending", Text(await Tool.JsonAsync("hooks", "info", token), "status"));
        (await Tool.RunAsync("hooks", "resume", "nobody's", "1")).Refused(3, "no hook");
        Assert.Equal("Received", Text(await Tool.JsonAsync("hook", "send", token, "\"the post\""), "status"));
        (await Tool.RunAsync("hooks", "resume", token, "\"the post\"")).Refused(4, "its answer already");
        Assert.Equal("\"tea goes with the post\"\n", await Tool.DoneAsync("result", "asking", "--wait"));
    }

    [Fact]
    public async Task Waiting_ListsQuestionsHooksAndSignals_ThoseFirstThatEndFirst()
    {
        var signalled = await store.WaitingRunAsync();
        await Tool.DoneAsync("start", "ask-people", "--input", "\"tea\"", "--id", "listed");
        await WaitsForAsync("listed", "approve");

        var question = Assert.Single(await WaitsAsync("--run", "listed"));
        Assert.Equal(("listed", "input", "approve", "ann"), (Text(question, "runId"), Text(question, "kind"), Text(question, "name"), Text(question, "assignee")));
        Assert.True(question.GetProperty("since").GetDateTimeOffset() <= DateTimeOffset.UtcNow);
        var all = await WaitsAsync();
        Assert.Contains(all, wait => (Text(wait, "runId"), Text(wait, "kind"), Text(wait, "name")) == (signalled, "signal", "approved"));
        Assert.Contains(all, wait => Text(wait, "runId") == "listed");
        var ends = all.Select(wait => wait.GetProperty("until") is { ValueKind: JsonValueKind.String } until ? until.GetDateTimeOffset() : DateTimeOffset.MaxValue).ToArray();
        Assert.Equal(ends.Order(), ends);
        Assert.DoesNotContain(await WaitsAsync("--expiring-in", "1s"), wait => Text(wait, "runId") == signalled);

        Assert.Contains("approved", await Tool.DoneAsync("waiting"), StringComparison.Ordinal);
        Assert.Single((await Tool.DoneAsync("waiting", "--limit", "1", "-o", "ndjson")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        await Tool.DoneAsync("input", "listed", "approve", "true");
        await WaitsForAsync("listed", "carrier");
        Assert.Equal("hook", Text(Assert.Single(await WaitsAsync("--run", "listed")), "kind"));
        (await Tool.RunAsync("waiting", "--limit", "0")).Refused(2, "--limit");
        (await Tool.RunAsync("waiting", "--run", "nobody")).Refused(3, "PERD1201");
    }

    private async Task<JsonElement[]> WaitsAsync(params string[] options) => [.. (await Tool.JsonAsync(["waiting", .. options])).EnumerateArray()];

    [Fact]
    public async Task Query_OfTheWorkflowsOwn_IsAnsweredByItsAssembly()
    {
        await Tool.DoneAsync("start", "ask-people", "--input", "\"tea\"", "--id", "queried");
        await WaitsForAsync("queried", "approve");
        Assert.Equal("\"1 questions\"\n", await Tool.DoneAsync("query", "queried", "asked", "\"questions\"", "--assembly", Tool.App));
        Assert.Equal("\"1 times\"\n", await Tool.DoneAsync("query", "queried", "asked", "--args", "\"times\"", "--assembly", Tool.App));
        Assert.Equal("\"1 x\"\n", await Tool.DoneAsync("durable_status", "queried", "--query", "asked", "--input", "\"x\"", "--assembly", Tool.App));
        (await Tool.RunAsync("query", "queried", "nothing", "--assembly", Tool.App)).Refused(1, "PERD1208");
        (await Tool.RunAsync("query", "queried", "asked", "1", "--args", "1", "--assembly", Tool.App)).Refused(2, "given twice");
        (await Tool.RunAsync("show", "queried", "--input", "1")).Refused(2, "--query");
    }

    [Fact]
    public async Task Explain_SaysWhatARunWaitsFor()
    {
        var id = await store.WaitingRunAsync();
        Assert.Contains("approved", await Tool.DoneAsync("explain", id), StringComparison.Ordinal);
        var explanation = await Tool.JsonAsync("explain", id);
        Assert.Equal((id, "Suspended"), (Text(explanation, "runId"), Text(explanation, "status")));
        Assert.NotEmpty(explanation.GetProperty("reasons").EnumerateArray());
        (await Tool.RunAsync("explain", "nobody")).Refused(3, "PERD1201");
    }

    [Fact]
    public async Task Graph_IsThatOfARunOrOfAPipeline()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"Ann\"", "--id", "drawn", "--wait");
        Assert.Contains("say", await Tool.DoneAsync("graph", "drawn"), StringComparison.Ordinal);
        Assert.StartsWith("digraph", await Tool.DoneAsync("graph", "drawn", "--format", "dot"), StringComparison.Ordinal);
        Assert.Contains("<svg", await Tool.DoneAsync("graph", "drawn", "--format", "svg"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Array, (await Tool.JsonAsync("graph", "drawn")).GetProperty("nodes").ValueKind);
        Assert.Contains("knead", await Tool.DoneAsync("graph", "bake", "--assembly", Tool.App), StringComparison.Ordinal);
        (await Tool.RunAsync("graph", "nothing", "--assembly", Tool.App)).Refused(3, "PERD1201");
        (await Tool.RunAsync("graph", "drawn", "--format", "png")).Refused(2, "png");
    }

    private async Task WaitsForAsync(string id, string name)
    {
        for (var tries = 0; !(await Tool.JsonAsync("show", id)).GetProperty("waitingFor").EnumerateArray().Any(wait => Text(wait, "name") == name); tries++) Assert.InRange(tries, 0, 100);
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();
}
