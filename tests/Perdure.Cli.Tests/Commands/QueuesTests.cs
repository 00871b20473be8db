using Perdure.Cli.Tests.Running;

namespace Perdure.Cli.Tests.Commands;

/// <summary><c>perdure queues</c>: what operators do to queues, on a store that a worker serves.</summary>
public sealed class QueuesTests(WorkedStore store) : IClassFixture<WorkedStore>
{
    private Tool Tool => store.Tool;

    [Fact]
    public async Task G16_AQueueIsPausedLimitedListedAndResumed()
    {
        Assert.Equal("idle paused, 0 waiting, 0 active\n", await Tool.DoneAsync("queues", "pause", "idle"));
        await Tool.DoneAsync("start", "greet", "--input", "\"Bo\"", "--queue", "idle", "--concurrency-key", "bo", "--start-within", "1h");
        Assert.Equal("idle paused, at most 3 at once, at most 1 of a key, +1 every 00:01:00, 1 waiting, 0 active\n",
            await Tool.DoneAsync("queue", "limit", "idle", "--concurrency", "3", "--per-key", "1", "--age-after", "1m"));
        var queue = (await Tool.JsonAsync("queues", "list")).EnumerateArray().Single(static queue => queue.GetProperty("name").GetString() == "idle");
        Assert.Equal((true, 3, 1), (queue.GetProperty("isPaused").GetBoolean(), queue.GetProperty("maxConcurrency").GetInt32(), queue.GetProperty("waitingRuns").GetInt32()));
        Assert.Contains("paused", await Tool.DoneAsync("queues", "list"), StringComparison.Ordinal);
        Assert.StartsWith("idle open, ", await Tool.DoneAsync("queues", "resume", "idle"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_OfAQueue_CancelsWhatWaitsOnIt()
    {
        await Tool.DoneAsync("queues", "pause", "full");
        await Tool.DoneAsync("start", "greet", "--input", "\"Bo\"", "--queue", "full", "--id", "purged-1");
        await Tool.DoneAsync("start", "greet", "--input", "\"Al\"", "--queue", "full", "--id", "purged-2");

        Assert.Equal("full purged, 2 runs cancelled, 0 activities withdrawn\n", await Tool.DoneAsync("queues", "purge", "full", "--reason", "by hand", "--yes"));

        var answer = await Tool.JsonAsync("queues", "purge", "full", "--yes");
        Assert.Equal(("full", 0, 0), (answer.GetProperty("queue").GetString(), answer.GetProperty("runs").GetInt32(), answer.GetProperty("activities").GetInt32()));
    }

    [Theory]
    [InlineData(2, "Nothing is to change", "queues", "limit", "idle")]
    [InlineData(2, "--age-after is a duration", "queues", "limit", "idle", "--age-after", "x")]
    [InlineData(2, "PERD1002", "queues", "pause", "_x")]
    public async Task Queues_WhatMakesNoSense_IsRefused(int exitCode, string why, params string[] words) => (await Tool.RunAsync(words)).Refused(exitCode, why);
}
