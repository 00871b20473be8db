using System.Text.Json;
using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Programs;
using Perdure.Torture.Checking;
using Perdure.Torture.Records;
using Perdure.Torture.Workload;

namespace Perdure.Torture.Tests.Checking;

/// <summary>The checker finds nothing in what is right, and each broken promise as what it is.</summary>
public sealed class CheckerTests : IDisposable
{
    private const string Run = "r1";
    private const string Ph = "77dc5da449f5480b";
    private static readonly long Start = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly string _file = Path.GetTempFileName();
    private readonly List<JsonObject> _journal = [];
    private readonly List<JsonObject> _dump = [];
    private readonly List<Fault> _faults = [];
    private readonly List<ScheduleRecord> _schedules = [];
    private readonly RunRecord _record;

    /// <summary>A run of two steps with a signal between them, in which everything is right.</summary>
    public CheckerTests()
    {
        _record = new RunRecord(new GeneratedProgram
        {
            Name = "P", Ph = Ph, Signals = ["a"], IsPoison = false, MaxDeliveries = 5,
            Operations = JsonNode.Parse("""[{"o":"step","id":"s0","ms":0},{"o":"sleep","id":"t0","ms":100}]""")!.AsArray(),
        });
        _record.Ids.Add(Run);
        _record.Signals.Add(new SentSignal("a", "m0", null));
        var first = Witness.Of(Ph, "s0", "ok", "aa01");
        var second = Witness.Of(first, "t0", "timer", "fired");
        Body("s0", 1, Ph, "aa01", 0);
        Body("t0.p", 1, second, "aa02", 150);
        _dump.Add(new() { ["r"] = "run", ["id"] = Run, ["key"] = "K-P", ["ph"] = Ph, ["state"] = "completed", ["result"] = Witness.Of(second, "t0.p", "ok", "aa02"), ["reason"] = null, ["parent"] = null, ["ps"] = null, ["cause"] = "client", ["created"] = Start, ["ended"] = Start + 155 });
        Event("started", null, null, 0);
        Event("step", "s0", "aa01", 5);
        Event("timer", "t0", null, 110);
        Event("step", "t0.p", "aa02", 155);
        Event("completed", null, null, 155);
        _dump.Add(new() { ["r"] = "signal", ["run"] = Run, ["name"] = "a", ["mid"] = "m0", ["seq"] = 0, ["state"] = "unconsumed", ["pos"] = null });
        _dump.Add(new() { ["r"] = "timer", ["run"] = Run, ["s"] = "t0", ["due"] = Start + 105, ["fired"] = Start + 110 });
    }

    [Fact]
    public void Check_ARunInWhichAllIsRight_FindsNothing() => Assert.Empty(Check());

    [Fact]
    public void Check_ALostSignal_IsFound()
    {
        _dump.RemoveAll(line => line["r"]!.GetValue<string>() == "signal");
        Finds("I-19");
    }

    [Fact]
    public void Check_ALostStart_IsFound()
    {
        _dump.Clear();
        Finds("I-01");
    }

    [Fact]
    public void Check_ACancelThatNobodyKnowsOf_IsFound()
    {
        _record.IsCancelRecorded = true;
        Finds("I-29");
    }

    [Fact]
    public void Check_ARecordedStepThatBeginsAgain_IsFound()
    {
        Body("s0", 2, Ph, "aa99", 300);
        Finds("I-08");
    }

    [Fact]
    public void Check_AnAttemptNumberThatIsUsedTwice_IsFound()
    {
        Body("s0", 1, Ph, "aa99", 1);
        Finds("I-09");
    }

    [Fact]
    public void Check_AResultThatNobodyReturned_IsFound()
    {
        _dump.Single(line => line["type"]?.GetValue<string>() == "step" && line["s"]!.GetValue<string>() == "s0")["x"] = "beef";
        Finds("I-10");
    }

    [Fact]
    public void Check_AnotherWitness_IsFound()
    {
        _journal.Single(line => line["e"]!.GetValue<string>() == "begin" && line["s"]!.GetValue<string>() == "t0.p")["in"] = Ph;
        Finds("I-12");
    }

    [Fact]
    public void Check_ATimerThatFiresEarly_IsFound()
    {
        foreach (var line in _journal.Where(line => line["s"]!.GetValue<string>() == "t0.p")) line["t"] = line["t"]!.GetValue<long>() - 60_000_000;
        Finds("I-24");
    }

    [Fact]
    public void Check_ARunThatHasNotEnded_IsFound()
    {
        _dump[0]["state"] = "running";
        _dump[0]["result"] = null;
        _dump.RemoveAll(line => line["type"]?.GetValue<string>() == "completed");
        Finds("I-06");
    }

    [Fact]
    public void Check_AWorkerThatBeginsAfterItWasAskedToStop_IsFound()
    {
        _faults.Add(new Fault { Kind = FaultKind.Terminate, Boot = "b", Worker = "W0", At = DateTime.UnixEpoch.AddMilliseconds(Start + 20), ExitCode = 0 });
        Finds("I-40");
    }

    [Fact]
    public void Check_AFinalFailureThatNoPolicyWanted_IsFound()
    {
        Event("step-failed", "s0", null, 6);
        Finds("I-14");
    }

    [Theory]
    [InlineData(1, true)]
    // Attempt 1 was lost with its worker, and attempt 2 failed later: nobody had to wait between the two.
    [InlineData(2, false)]
    public void Check_ARetryThatIsTooEarly_IsFoundIfTheFailureIsRecorded(int recorded, bool isFound)
    {
        _journal.Single(line => line["e"]!.GetValue<string>() == "end" && line["s"]!.GetValue<string>() == "s0")["out"] = "throw";
        Body("s0", 2, Ph, "aa03", 20);
        Event("attempt-failed", "s0", null, 2);
        _dump[^1]["att"] = recorded;
        Assert.Equal(isFound, Check().Any(static violation => violation.StartsWith("I-14", StringComparison.Ordinal)));
    }

    [Fact]
    public void Check_AChildThatNobodyStarted_IsFound()
    {
        AddRun("c1", "child", parent: Run, ps: "c0");
        Finds("I-01 one child");
    }

    [Fact]
    public void Check_AChildWhoseParentWasToldAnotherEnd_IsFound()
    {
        AddRun("c1", "child", parent: Run, ps: "c0");
        Event("child-started", "c0", "c1", 160);
        Event("child", "c0", "completed:beef", 170);
        Finds("I-42 true end of a child");
    }

    [Fact]
    public void Check_AScheduleWhoseTimesAreAllAccountedFor_IsFine()
    {
        AddSchedule();
        AddRun("S@1", "cron", ph: Ph);
        AddSlot(1000, "started", "S@1");
        AddSlot(2000, "skipped", null);
        Assert.DoesNotContain(Check(), violation => violation.Contains("schedule", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_ATimeThatIsNotAccountedFor_IsFound()
    {
        AddSchedule();
        AddSlot(2000, "skipped", null);
        Finds("I-28");
    }

    [Fact]
    public void Check_ATimeThatWasStartedTwice_IsFound()
    {
        AddSchedule();
        AddRun("S@1", "cron");
        AddRun("S@2", "cron");
        AddSlot(1000, "started", "S@1");
        AddSlot(1000, "started", "S@2");
        AddSlot(2000, "skipped", null);
        Finds("I-28");
    }

    [Fact]
    public void Below_WithTooFewFaults_SaysOfWhat() => Assert.Contains("SIGKILLs: 19 of 20", new Counts { Kills = 19 }.Below(new Minimums()));

    public void Dispose() => File.Delete(_file);

    private void Finds(string rule) => Assert.Contains(Check(), violation => violation.StartsWith(rule, StringComparison.Ordinal));

    private IReadOnlyList<string> Check()
    {
        File.WriteAllLines(_file, _journal.Select(line => line.ToJsonString()));
        var dump = Dump.Read(string.Join('\n', [.. _dump.Select(line => line.ToJsonString()), JsonSerializer.Serialize(new { r = "end", lines = _dump.Count + 1 })]));
        return Checker.Check(new Evidence(new TortureConfig { Folder = "" }, [_record], _schedules, JournalLine.ReadAll(_file), _faults, dump)).All;
    }

    private void Body(string s, int attempt, string h, string x, int at)
    {
        Add("begin", at, line => (line["att"], line["key"], line["in"], line["wf"]) = (attempt, $"{Run}/{s}", h, "w"));
        Add("end", at + 1, line => line["out"] = "ok");

        void Add(string e, int ms, Action<JsonObject> with)
        {
            var line = new JsonObject { ["e"] = e, ["t"] = ms * 1_000_000L, ["rt"] = (Start + ms) * 1_000_000, ["boot"] = "b", ["run"] = Run, ["s"] = s, ["x"] = x };
            with(line);
            _journal.Add(line);
        }
    }

    private void AddRun(string id, string cause, string? parent = null, string? ps = null, string ph = Ph) => _dump.Add(new()
    {
        ["r"] = "run", ["id"] = id, ["key"] = null, ["ph"] = ph, ["state"] = "completed", ["result"] = "aa", ["reason"] = null, ["parent"] = parent, ["ps"] = ps, ["cause"] = cause,
        ["created"] = Start + 1000, ["ended"] = Start + 1010,
    });

    /// <summary>A schedule of every second, with two times.</summary>
    private void AddSchedule() => _schedules.Add(new ScheduleRecord(_record.Program with { Name = "S" }, "* * * * * *", TimeSpan.FromSeconds(1), skipsOverlaps: true)
    {
        PutAt = At(300), PutAnsweredAt = At(310), DeletedAt = At(2600), DeleteAnsweredAt = At(2610),
    });

    private void AddSlot(int at, string state, string? run) => _dump.Add(new()
    {
        ["r"] = "slot", ["sched"] = "S", ["slot"] = Start + at, ["run"] = run, ["state"] = state, ["reason"] = run is null ? "overlap" : null,
    });

    private static DateTime At(int ms) => DateTime.UnixEpoch.AddMilliseconds(Start + ms);

    private void Event(string type, string? s, string? x, int at) => _dump.Add(new()
    {
        ["r"] = "event", ["run"] = Run, ["pos"] = _dump.Count - 1, ["type"] = type, ["s"] = s, ["x"] = x, ["ts"] = Start + at,
    });
}
