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
        _dump.Add(new() { ["r"] = "run", ["id"] = Run, ["key"] = "K-P", ["ph"] = Ph, ["state"] = "completed", ["result"] = Witness.Of(second, "t0.p", "ok", "aa02"), ["reason"] = null });
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
    public void Below_WithTooFewFaults_SaysOfWhat() => Assert.Contains("SIGKILLs: 19 of 20", new Counts { Kills = 19 }.Below(new Minimums()));

    public void Dispose() => File.Delete(_file);

    private void Finds(string rule) => Assert.Contains(Check(), violation => violation.StartsWith(rule, StringComparison.Ordinal));

    private IReadOnlyList<string> Check()
    {
        File.WriteAllLines(_file, _journal.Select(line => line.ToJsonString()));
        var dump = Dump.Read(string.Join('\n', [.. _dump.Select(line => line.ToJsonString()), JsonSerializer.Serialize(new { r = "end", lines = _dump.Count + 1 })]));
        return Checker.Check(new Evidence(new TortureConfig { Folder = "" }, [_record], JournalLine.ReadAll(_file), _faults, dump)).All;
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

    private void Event(string type, string? s, string? x, int at) => _dump.Add(new()
    {
        ["r"] = "event", ["run"] = Run, ["pos"] = _dump.Count - 1, ["type"] = type, ["s"] = s, ["x"] = x, ["ts"] = Start + at,
    });
}
