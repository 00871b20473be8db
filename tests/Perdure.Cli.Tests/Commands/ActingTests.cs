using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>signal</c>, <c>cancel</c>, <c>terminate</c>, <c>retry</c>, <c>pause</c>, <c>resume</c>, <c>delete</c></summary>
public sealed class ActingTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task Signal_IsTaken_AndRefusedByARunThatHasEnded()
    {
        var id = await store.WaitingRunAsync();
        Assert.Equal($"{id} Sent\n", await Tool.DoneAsync("signal", id, "approved", "false", "--message-id", "m1"));
        Assert.Equal("\"it refused\"\n", await Tool.DoneAsync("result", id, "--wait"));
        (await Tool.RunAsync("signal", id, "approved", "true")).Refused(4, "PERD1202");
        (await Tool.RunAsync("signal", "nobody", "approved", "true")).Refused(3, "PERD1201");
    }

    [Theory]
    [InlineData("The payload is no JSON", "signal", "x", "approved", "yes")]
    [InlineData("given twice", "signal", "x", "approved", "true", "--input", "true")]
    [InlineData("PERD1002", "signal", "x", " ", "true")]
    public async Task Signal_ThatCannotBeUnderstood_EndsWith2(string why, params string[] words) => (await Tool.RunAsync(words)).Refused(2, why);

    [Fact]
    public async Task Cancel_Wait_TellsTheEnd()
    {
        var id = await store.WaitingRunAsync();
        Assert.Equal("Cancelled", (await Tool.JsonAsync("cancel", id, "--reason", "ordered twice", "--keep-queued", "--wait")).GetProperty("outcome").GetString());
        Assert.Contains("ordered twice", (await Tool.JsonAsync("show", id)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal($"{id} AlreadyCancelled\n", await Tool.DoneAsync("cancel", id));
    }

    [Fact]
    public async Task Cancel_OfACompletedRun_EndsWith4()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", "too-late", "--wait");
        var answer = await Tool.RunAsync("cancel", "too-late", "--reason", "x");
        Assert.Equal((4, "too-late AlreadyCompleted\n"), (answer.ExitCode, answer.Output));
    }

    [Fact]
    public async Task G14_Cancel_OfAStepThatDoesNotListen_IsStillCancellingAfterTheTimeout()
    {
        var id = (await Tool.DoneAsync("start", "two-steps", "--input", "60000")).Trim();
        await Tool.DoneAsync("start", "deaf", "--input", "4000", "--id", "busy");
        await RunsAsync($"second {id}");
        await RunsAsync("deaf busy");
        var answer = await Tool.RunAsync("cancel", "busy", "--timeout", "100ms");
        Assert.Equal((6, "busy still cancelling\n"), (answer.ExitCode, answer.Output));
        // The one whose step listens stops at once: its token fires.
        Assert.Equal($"{id} Cancelled\n", await Tool.DoneAsync("cancel", id, "--wait"));

        Task RunsAsync(string effect) => Until.TrueAsync(
            () => Until.LinesOf(Tool.Environment["CLI_TEST_EFFECTS"]).Any(line => line.StartsWith(effect, StringComparison.Ordinal)), () => $"there is a line '{effect}'");
    }

    [Fact]
    public async Task Cancel_OfARunThatNobodyHasBegun_EndsItWhateverItsQueue()
    {
        await Tool.DoneAsync("start", "approve", "--queue", "nobody", "--id", "undriven");
        Assert.Equal("undriven Cancelled\n", await Tool.DoneAsync("cancel", "undriven", "--wait"));
    }

    [Fact]
    public async Task Terminate_AndDelete_NeedAYes()
    {
        var id = await store.WaitingRunAsync();
        (await Tool.RunAsync("terminate", id)).Refused(2, "--yes");
        (await Tool.RunAsync("delete", id, "--yes")).Refused(4, "PERD1205");
        await Tool.DoneAsync("terminate", id, "--reason", "stuck", "--yes");
        (await Tool.RunAsync("result", id, "--wait")).Refused(5, "PERD1504");
        (await Tool.RunAsync("delete", id)).Refused(2, "--yes");
        Assert.Equal($"{id} Deleted\n", await Tool.DoneAsync("delete", id, "--yes"));
        (await Tool.RunAsync("show", id)).Refused(3, "PERD1201");
    }

    [Fact]
    public async Task Start_WithTheKeyOfADeletedRun_StartsNothing()
    {
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", "purged", "--key", "purged", "--wait");
        await Tool.DoneAsync("delete", "purged", "--yes");
        var answer = await Tool.JsonAsync("start", "greet", "--input", "\"x\"", "--key", "purged", "--wait");
        Assert.True(answer.GetProperty("purged").GetBoolean());
        Assert.Equal("purged", answer.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Retry_ReopensARunThatFailed_AndNoOther()
    {
        await Tool.RunAsync("start", "fails", "--input", "\"x\"", "--id", "again", "--wait");
        Assert.Equal("again Reopened\n", await Tool.DoneAsync("retry", "again"));
        (await Tool.RunAsync("result", "again", "--wait")).Refused(5, "PERD1501");
        await Tool.DoneAsync("start", "greet", "--input", "\"x\"", "--id", "fine", "--wait");
        (await Tool.RunAsync("retry", "fine")).Refused(4, "PERD1202");
        (await Tool.RunAsync("retry", await store.WaitingRunAsync())).Refused(4, "PERD1205");
    }

    [Fact]
    public async Task Resume_OfABlockedRun_LetsItTry_AndOthersAlone()
    {
        await Tool.RunAsync("start", "unheard-of", "--id", "blocked", "--wait");
        Assert.Contains("Blocked    UnknownWorkflow", await Tool.DoneAsync("show", "blocked"), StringComparison.Ordinal);
        Assert.Equal("blocked Resumed\n", await Tool.DoneAsync("resume", "blocked"));
        Assert.Equal(4, (await Tool.RunAsync("resume", await store.WaitingRunAsync())).ExitCode);
    }

    [Fact]
    public async Task Pause_TellsTheRun_UnlessItStandsStillAlready()
    {
        var waiting = await store.WaitingRunAsync();
        Assert.Equal($"{waiting} Told to pause\n", await Tool.DoneAsync("pause", waiting));
        await Tool.RunAsync("start", "unheard-of", "--id", "stuck", "--wait");
        Assert.Equal(4, (await Tool.RunAsync("pause", "stuck")).ExitCode);
    }
}
