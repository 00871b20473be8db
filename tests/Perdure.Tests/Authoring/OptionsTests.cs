using Perdure.Authoring;

namespace Perdure.Tests.Authoring;

public class OptionsTests
{
    public static TheoryData<Action, string> Refused => new()
    {
        { () => new StepOptions { Timeout = TimeSpan.Zero }.Validate(), "StepOptions.Timeout" },
        { () => new StepOptions { Timeout = TimeSpan.FromSeconds(-1) }.Validate(), "StepOptions.Timeout" },
        { () => new StepOptions { Timeout = TimeSpan.MaxValue }.Validate(), "StepOptions.Timeout" },
        { () => new StepOptions { Mode = (StepMode)9 }.Validate(), "StepOptions.Mode" },
        { () => new StepOptions { Durability = (StepDurability)9 }.Validate(), "StepOptions.Durability" },
        { () => new StepOptions { Id = "" }.Validate(), "StepOptions.Id" },
        { () => new StepOptions { Id = new string('x', 256) }.Validate(), "StepOptions.Id" },
        { () => new StepOptions { Id = "\uD800" }.Validate(), "StepOptions.Id" },
        { () => new StepOptions { Mode = StepMode.AtMostOnce, Retry = RetryPolicy.Default }.Validate(), "StepOptions.Retry" },
        { () => new StepOptions { Mode = StepMode.AtMostOnce, Durability = StepDurability.Deferred }.Validate(), "StepOptions.Durability" },
        { () => new StepOptions { Retry = RetryPolicy.Default with { MaxDelay = TimeSpan.Zero } }.Validate(), "RetryPolicy.MaxDelay" },
        { () => new ActivityOptions { Queue = "_x" }.Validate(), "queue name" },
        { () => new ActivityOptions { Priority = 1001 }.Validate(), "ActivityOptions.Priority" },
        { () => new ActivityOptions { ScheduleToStart = TimeSpan.Zero }.Validate(), "ActivityOptions.ScheduleToStart" },
        { () => new ActivityOptions { StartToClose = TimeSpan.Zero }.Validate(), "ActivityOptions.StartToClose" },
        { () => new ActivityOptions { ScheduleToClose = TimeSpan.Zero }.Validate(), "ActivityOptions.ScheduleToClose" },
        { () => new ActivityOptions { Heartbeat = TimeSpan.Zero }.Validate(), "ActivityOptions.Heartbeat" },
        { () => new ActivityOptions { RunLocally = true, Queue = "q" }.Validate(), "ActivityOptions.RunLocally" },
        { () => new WorkflowOptions { Priority = -1001 }.Validate(), "WorkflowOptions.Priority" },
        { () => new WorkflowOptions { RunTimeout = TimeSpan.Zero }.Validate(), "WorkflowOptions.RunTimeout" },
        { () => new WorkflowOptions { MaxCrashes = -1 }.Validate(), "WorkflowOptions.MaxCrashes" },
        { () => new WorkflowOptions { Determinism = (DeterminismMode)9 }.Validate(), "WorkflowOptions.Determinism" },
        { () => new WorkflowOptions { Tags = Tags(17) }.Validate(), "WorkflowOptions.Tags" },
        { () => new WorkflowOptions { Tags = Tag(new string('n', 65), "v") }.Validate(), "WorkflowOptions.Tags" },
        { () => new WorkflowOptions { Tags = Tag("n", new string('v', 257)) }.Validate(), "WorkflowOptions.Tags" },
        { () => new WorkflowOptions { Tags = Tag("_n", "v") }.Validate(), "tag name" },
        { () => new StartOptions { Id = new string('x', 201) }.Validate(), "run id" },
        { () => new StartOptions { Key = "" }.Validate(), "key" },
        { () => new StartOptions { OnConflict = (ConflictPolicy)9 }.Validate(), "StartOptions.OnConflict" },
        { () => new StartOptions { ScheduledAt = DateTimeOffset.UnixEpoch, Delay = TimeSpan.Zero }.Validate(), "StartOptions.Delay" },
        { () => new StartOptions { Delay = TimeSpan.FromSeconds(-1) }.Validate(), "StartOptions.Delay" },
        { () => new StartOptions { Metadata = Tag("n", null!) }.Validate(), "StartOptions.Metadata" },
        { () => new StartOptions { Tags = Tag("n", "\uDC00") }.Validate(), "StartOptions.Tags" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Validate_BadOption_IsRefusedByName(Action validate, string option) =>
        Assert.Equal(option, Assert.Throws<InvalidOptionException>(validate).Option);

    [Fact]
    public void Validate_Limits_AreInclusive()
    {
        new StepOptions { Timeout = Timeout.InfiniteTimeSpan, Id = new string('x', 255), Mode = StepMode.AtMostOnce,
            Retry = RetryPolicy.None }.Validate();
        new ActivityOptions { Priority = 1000, StartToClose = TimeSpan.FromTicks(1), Heartbeat = PerdureDefaults.MaxSleep }.Validate();
        new WorkflowOptions { Priority = -1000, MaxCrashes = 0, Tags = Tags(16) }.Validate();
        new StartOptions { Id = new string('x', 200), Delay = TimeSpan.Zero, ScheduledAt = null, Metadata = Tag("", "") }.Validate();
    }

    [Fact]
    public void O5_Metadata_over_64_KiB_is_refused()
    {
        new StartOptions { Metadata = Tag("k", new string('v', 65_535)) }.Validate();
        Assert.Throws<PayloadTooLargeException>(() => new StartOptions { Metadata = Tag("k", new string('v', 65_536)) }.Validate());
    }

    [Fact]
    public void RetryOf_AtMostOnce_IsOneAttempt()
    {
        Assert.Same(RetryPolicy.Default, StepOptions.RetryOf(null, RetryPolicy.Default));
        Assert.Same(RetryPolicy.Default, StepOptions.RetryOf(new(), RetryPolicy.Default));
        Assert.Equal(1, StepOptions.RetryOf(new() { Mode = StepMode.AtMostOnce }, RetryPolicy.Default).MaxAttempts);
        Assert.Null(StepOptions.TimeoutOf(new() { Timeout = Timeout.InfiniteTimeSpan }));
        Assert.Equal(TimeSpan.FromSeconds(1), StepOptions.TimeoutOf(new() { Timeout = TimeSpan.FromSeconds(1) }));
    }

    [Fact]
    public void Resolve_Activity_CallWinsOverDefinitionWinsOverDefault()
    {
        ActivitySettings plain = ActivitySettings.Resolve(null, null, RetryPolicy.Default);
        Assert.Equal(
            ("default", 0, RetryPolicy.Default, TimeSpan.FromMinutes(5)),
            (plain.Queue, plain.Priority, plain.Retry, plain.StartToClose!.Value));
        Assert.Null(plain.ScheduleToStart ?? plain.ScheduleToClose ?? plain.Heartbeat);
        Assert.False(plain.RunLocally);

        var defaults = new ActivityDefaults(
            new ActivityOptions { Queue = "q", Priority = 5, StartToClose = TimeSpan.FromSeconds(9), RunLocally = false });
        ActivitySettings settings = ActivitySettings.Resolve(new() { Priority = 7, StartToClose = Timeout.InfiniteTimeSpan }, defaults, RetryPolicy.Default);
        Assert.Equal(("q", 7, (TimeSpan?)null), (settings.Queue, settings.Priority, settings.StartToClose));

        var local = new ActivityDefaults(new ActivityOptions { RunLocally = true });
        Assert.True(ActivitySettings.Resolve(null, local, RetryPolicy.Default).RunLocally);
        Assert.False(ActivitySettings.Resolve(new() { Queue = "gpu" }, local, RetryPolicy.Default).RunLocally);
    }

    [Fact]
    public void Over_Workflow_LaterWinsAndTagsAdd()
    {
        WorkflowOptions declared = new() { Queue = "a", Priority = 1, Tags = Tag("x", "1"), MaxCrashes = 2,
            Determinism = DeterminismMode.Strict };
        WorkflowOptions start = new StartOptions { Priority = 0, Tags = new Dictionary<string, string> { ["x"] = "2", ["y"] = "3" } }.Over(
            declared);
        Assert.Equal(
            ("a", 0, 2, DeterminismMode.Strict), (start.Queue, start.Priority!.Value, start.MaxCrashes!.Value, start.Determinism!.Value));
        Assert.Equal([new("x", "2"), new("y", "3")], start.Tags!.OrderBy(tag => tag.Key));
        Assert.Throws<InvalidOptionException>(() => new StartOptions { Tags = Tags(16) }.Over(declared));
        Assert.Null(new StartOptions().Over(null).Tags);
    }

    [Fact]
    public void Attributes_OnlyWhatWasWritten_IsSet()
    {
        Assert.Equal(new WorkflowOptions(), new WorkflowAttribute().ToOptions());
        Assert.Equal(new ActivityOptions(), new ActivityAttribute().ToOptions());

        WorkflowOptions workflow = new WorkflowAttribute("order")
        {
            Queue = "q", Priority = 3, RunTimeout = "2h", MaxAttempts = 5, MaxCrashes = 0, Determinism = DeterminismMode.Relaxed,
        }.ToOptions();
        Assert.Equal(("q", 3, TimeSpan.FromHours(2), 5, 0, DeterminismMode.Relaxed),
            (workflow.Queue, workflow.Priority, workflow.RunTimeout, workflow.Retry!.MaxAttempts, workflow.MaxCrashes,
                workflow.Determinism));

        ActivityOptions activity = new ActivityAttribute("pay")
        {
            MaxRetries = 3, StartToClose = "5m", Heartbeat = "10s", NonRetryable = ["x"], RunLocally = true, ScheduleToStart = "1m",
                ScheduleToClose = "1h",
        }.ToOptions();
        Assert.Equal((4, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1), true),
            (activity.Retry!.MaxAttempts, activity.StartToClose, activity.Heartbeat, activity.ScheduleToStart, activity.ScheduleToClose,
                activity.RunLocally));
        Assert.Equal(["x"], activity.Retry.NonRetryable);

        Assert.Throws<InvalidOptionException>(() => new WorkflowAttribute { RunTimeout = "soon" }.ToOptions());
        Assert.Throws<InvalidOptionException>(() => new ActivityAttribute { MaxAttempts = 1, MaxRetries = 1 }.ToOptions());
    }

    private static Dictionary<string, string> Tag(string name, string value) => new() { [name] = value };

    private static Dictionary<string, string> Tags(int count) => Enumerable.Range(0, count).ToDictionary(i => "t" + i, i => "v");
}
