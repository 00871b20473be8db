using Perdure.Schedules;
using Perdure.Storage;

namespace Perdure.Simulation;

/// <summary>The fixed stories of the crash sweep.</summary>
internal static class Scenarios
{
    public static IReadOnlyList<Scenario> All { get; } =
    [
        One("chain", Act.Then(Act.Step("a"), Act.Step("b"), Act.Step("c"))),
        One("chain born in the worker", Act.Then(Act.Step("a"), Act.Step("b")), inProcess: true),
        One("step retry", Act.Then(Act.Step("a", failing: 2), Act.Step("b"))),
        One("workflow retry", Act.Then(Act.Step("a"), Act.Activity("b"), Act.Fail(2), Act.Step("c")), attempts: 3),
        One("two parallel", Act.Then(Act.All(Act.Then(Act.Step("a", 7), Act.Step("b")), Act.Then(Act.Step("c", 4), Act.Step("d"))), Act.Step("e"))),
        One("first of two", Act.Then(Act.Any(Act.Step("a", 6), Act.Step("b", 3)), Act.Step("c"))),
        One("race with losers cancelled", Act.Then(Act.Race(Act.Step("a", 5), Act.Sleep(400), Act.Activity("b", 300)), Act.Step("c"))),
        One("loser withdrawn before a retry", Act.Then(Act.Race(Act.Step("a", 5), Act.Activity("b", 20)), Act.Fail(1), Act.Step("c")), attempts: 2) with
        {
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
        },
        One("withdrawn in the turn that asks for it", Act.Then(Act.Race(Act.Sleep(0), Act.Activity("b", 20)), Act.Fail(1), Act.Step("c")), attempts: 2),
        Story("signal early", Act.Then(Act.Step("a", 20), Act.Wait("go"), Act.Step("b")), Signal(2), Signal(4)),
        Story("signal late", Act.Then(Act.Wait("go"), Act.Step("a"), Act.Wait("go"), Act.Step("b")), Signal(60), Signal(120)),
        Story("signal in process", Act.Then(Act.Wait("go"), Act.Step("a"), Act.Wait("go")), Signal(40, inProcess: true), Signal(80, inProcess: true)),
        Story("signals by row and in process", Act.Then(Act.Step("a", 30), Act.Wait("go"), Act.Wait("go"), Act.Wait("go"), Act.Step("b")),
            Signal(45), Signal(46, inProcess: true), Signal(47), Signal(48, inProcess: true)),
        Story("one signal of each name", Act.Then(Act.WaitAll("go stop"), Act.Step("a"), Act.WaitAll("go stop", 200), Act.Step("b")),
            Signal(20), Signal(30, inProcess: true), Stop(40), Signal(80)),
        Story("signals looked at and drained", Act.Then(Act.Peek("go"), Act.Step("a", 60), Act.Peek("go"), Act.Drain("go"), Act.Step("b"), Act.Fail(1), Act.Peek("go"), Act.Drain("go"), Act.Step("c")), 2,
            Signal(20), Signal(30, inProcess: true), Signal(40), Stop(45)),
        new Scenario("signals just before the wait", RunStatus.Completed)
        {
            // Some arrive between the end of the body and the commit that puts the run to sleep.
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a", 20), Act.Wait("end"), Act.Step("b")))],
                .. Enumerable.Range(0, 8).Select(static i => new ClientOp[] { new PostOp { Run = "r", At = Ms(27) - Ms(1) / 5 + i * Ms(1) / 12, Kind = MessageKind.Signal, Name = "go" } }),
                [new PostOp { Run = "r", At = Ms(60), Kind = MessageKind.Signal, Name = "end" }],
            ],
        },
        new Scenario("signals into the commit that suspends", RunStatus.Completed)
        {
            // Each is sent at the very instant at which the body before the wait returns, so some are stored just before the commit that puts the run to sleep.
            Clients = static () =>
            [
                .. Enumerable.Range(0, 6).Select(static i => new ClientOp[]
                {
                    new StartOp { Run = i == 0 ? "r" : $"r{i}", At = Ms(5), Program = Act.Then(Act.Step($"a{i}", 20 + 3 * i), Act.Wait("go"), Act.Step($"b{i}")) },
                    new PostOp { Run = i == 0 ? "r" : $"r{i}", Behind = effect => effect.Step == $"a{i}", Kind = MessageKind.Signal, Name = "go" },
                }),
            ],
        },
        Story("signal against timeout", Act.Then(Act.Wait("go", 60), Act.Step("a"), Act.Wait("go", 500)), Signal(60)),
        new Scenario("cancels into the commit that ends", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Step("a"))],
                .. Enumerable.Range(1, 6).Select(static i => new ClientOp[]
                {
                    new StartOp { Run = $"r{i}", At = Ms(5), Program = Act.Then(Act.Step($"a{i}", 20 + 3 * i)) },
                    new PostOp { Run = $"r{i}", Behind = effect => effect.Step == $"a{i}", Kind = MessageKind.Cancel },
                }),
            ],
        },
        One("timer in memory", Act.Then(Act.Step("a"), Act.Sleep(30), Act.Step("b"))),
        One("timer in the store", Act.Then(Act.Step("a"), Act.Sleep(900), Act.Step("b"))) with { Settings = static s => s with { KeepWarm = TimeSpan.Zero } },
        Story("cancel with shield", RunStatus.Cancelled, Act.Guard(Act.Then(Act.Step("a"), Act.Sleep(5000), Act.Step("b")), Act.Then(Act.Step("undo1"), Act.Step("undo2"))), Post(50, MessageKind.Cancel)),
        Story("cancel in a body", RunStatus.Cancelled, Act.Then(Act.Step("a", 300), Act.Step("b")), Post(40, MessageKind.Cancel)),
        Story("cancel of a queued activity", RunStatus.Cancelled, Act.Then(Act.Activity("a", 200), Act.Step("b")), Post(40, MessageKind.Cancel)),
        One("activity run locally", Act.Then(Act.Activity("a", failing: 1) with { Local = true }, Act.Step("b"))),
        One("activity", Act.Then(Act.Activity("a", 20, failing: 1), Act.Step("b"))),
        One("activity on another worker", Act.Then(Act.Activity("a", 20, failing: 1), Act.Step("b"))) with
        {
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
            Second = static s => s with { RunQueues = ["other"] },
        },
        One("lost heartbeat", Act.Then(Act.Activity("a", 100) with { HeartbeatMs = 150, Silent = 1 }, Act.Step("b"))),
        One("an activity that loses two workers", Act.Then(Act.Activity("a", 20) with { Deadly = 2 }, Act.Step("b"))) with
        {
            // The run stays with the first worker, which is not touched by what happens to the activity.
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
            Second = static s => s with { RunQueues = ["other"] },
            Revives = true,
        },
        One("activities beside one that kills its worker", Act.Then(Act.All(Act.Activity("a", 40), Act.Activity("b", 20) with { Deadly = 2 }, Act.Activity("c", 40)), Act.Step("d"))) with
        {
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 3 } },
            Second = static s => s with { RunQueues = ["other"] },
            Revives = true,
        },
        One("activity that waits too long", Act.Catch(Act.Activity("a") with { QueueLimitMs = 300 })) with
        {
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
        },
        One("step timeout", Act.Then(Act.Step("a", 5, tries: 2) with { LimitMs = 40 }, Act.Catch(Act.Step("b", 100, tries: 2) with { LimitMs = 20 }), Act.Step("c"))),
        One("delayed start", Act.Step("a"), delayMs: 400),
        Keyed("start key", Act.Then(Act.Step("a"), Act.Step("b")), inProcess: false),
        Keyed("start key in process", Act.Then(Act.Step("a"), Act.Step("b")), inProcess: true),
        new Scenario("start key that becomes free", RunStatus.Completed)
        {
            // The second start finds the key free while the first run sleeps, and the third finds the second one's.
            Clients = static () =>
            [[
                new StartOp { Run = "r", At = Ms(5), Program = Act.Then(Act.Step("a"), Act.Sleep(400), Act.Step("b")), StartKey = "k", KeyTtlMs = 60, InProcess = true },
                new StartOp { Run = "later", At = Ms(150), Program = Act.Step("c"), StartKey = "k", InProcess = true }, new StartOp { Run = "later", At = Ms(150), Program = Act.Step("c"), StartKey = "k" },
            ]],
        },
        new Scenario("many starts at once", RunStatus.Completed)
        {
            // Two callers want overlapping runs, in another order, one of them through a worker.
            Clients = static () => [Many(["r", "x", "y"], inProcess: false), Many(["y", "r", "z"], inProcess: true)],
        },
        new Scenario("starts with a signal", RunStatus.Completed)
        {
            Clients = static () => [.. Enumerable.Range(0, 3).Select(static i => new ClientOp[]
            {
                new StartOp { Run = "r", At = Ms(5 + 20 * i), Program = Act.Then(Act.Wait("go"), Act.Step("a", 20), Act.Wait("go"), Act.Wait("go")), StartKey = "k", Signal = "go", InProcess = i == 1 },
            })],
        },
        Answered("a hook answered", Act.Then(Act.Step("a"), Act.Hook("h", 0, 2), Act.Step("b")), Answer(30, "h"), Answer(60, "h", inProcess: true)),
        Answered("a hook that expires against its answers", Act.Then(Act.Hook("h", 60), Act.Step("a"), Act.Hook("i", 90), Act.Step("b")), Answer(62, "h"), Answer(155, "i")),
        Answered("a question answered twice", Act.Then(Act.Input("q", 0), Act.Step("a")), Answer(30, "q", thinksMs: 5), Answer(31, "q", inProcess: true, thinksMs: 5)),
        new Scenario("a question, retried", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Hook("h", 0), Act.Step("a"), Act.Fail(1), Act.Input("q", 900), Act.Step("b")), attempts: 2)],
                [Answer(30, "h")()], [Answer(60, "q")()],
            ],
        },
        One("a question that the next attempt asks anew", Act.Then(Act.Activity("a", 60), Act.Input("q", 200), Act.Step("b"), Act.Fail(1)), attempts: 2) with
        {
            // The activity has another input in the next attempt, so the question of the first one is nobody's. Who takes the run with the activity's result finds that out in the turn that asks anew.
            Settings = static s => s with { KeepWarm = TimeSpan.Zero, ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
            Second = static s => s with { RunQueues = ["other"] },
        },
        new Scenario("requests of a cancelled run", RunStatus.Cancelled)
        {
            Clients = static () =>
            [
                [Start(Act.Guard(Act.All(Act.Hook("h", 0), Act.Input("q", 0)), Act.Step("undo", 30))), Post(60, MessageKind.Cancel)()],
                [Answer(58, "h")(), Answer(70, "q")()],
            ],
        },
        new Scenario("waits that are ended against what they wait for", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Wait("go"), Act.Step("a"), Act.WaitAll("go stop"), Act.Step("b"), Act.Input("q", 0), Act.Hook("h", 400, 2), Act.Step("c")))],
                [EndWait(40, "go"), EndWait(60, "stop", inProcess: true), EndWait(100, "q"), EndWait(140, "h")],
                [Signal(41)(), Answer(101, "q")(), Answer(139, "h")()],
            ],
        },
        new Scenario("a run that is watched", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a", 20), Act.Publish("state"), Act.Sleep(50), Act.Step("b", 20, failing: 1), Act.Fail(1), Act.Step("c")), attempts: 2)], [new WatchOp { Run = "r", At = Ms(10) }], [new WatchOp { Run = "r", At = Ms(90) }],
            ],
        },
        One("a step that saves checkpoints", Act.Then(Act.Step("a"), Act.Step("b", 90, failing: 1) with { Checkpoints = 3 }, Act.All(Act.Step("c", 40) with { Checkpoints = 2 }, Act.Step("d", 20)), Act.Step("e"))),
        One("run timeout", Act.Guard(Act.Sleep(60_000), Act.Step("undo")), runTimeoutMs: 300, expected: RunStatus.TimedOut),
        One("publish", Act.Then(Act.Publish("state"), Act.Step("a"), Act.Publish("state"), Act.Sleep(20), Act.Publish("stage"))),
        One("versions", Act.Then(Act.Version("x"), Act.Step("a"), Act.Version("y"), Act.Sleep(20), Act.Version("x"), Act.Step("b"), Act.Version("z"))),
        One("versions, workflow retried", Act.Then(Act.Version("x"), Act.Step("a"), Act.Version("y"), Act.Activity("b"), Act.Fail(2), Act.Version("x"), Act.Step("c")), attempts: 3),
        One("data", Act.Then(Act.Data("one"), Act.Step("a"), Act.All(Act.Then(Act.Data("one"), Act.Step("b")), Act.Then(Act.Step("c", 3), Act.Data("one"))), Act.Sleep(20), Act.Data("two"))),
        One("data, workflow retried", Act.Then(Act.Data("one"), Act.Step("a"), Act.Data("two"), Act.Activity("b"), Act.Fail(2), Act.Data("one"), Act.Step("c")), attempts: 3),
        One("data of deferred steps", Act.Then(Deferred("a"), Act.Data("one"), Deferred("b"), Act.Data("one"), Act.Step("c"), Deferred("d"), Act.Data("two"))),
        new Scenario("deferred ahead of the record, timed out, retried", RunStatus.Completed)
        {
            // The second step begins before the first one's outcome is durable. If its process is lost, no event tells of it.
            Clients = static () =>
            [
                [Start(Act.Then(Deferred("a"), Act.Step("b", 400) with { Deferred = true }, Act.Step("c")), runTimeoutMs: 700)],
                [new RetryOp { Run = "r", At = Ms(50) }],
            ],
        },
        One("deferred", Act.Then(Deferred("a"), Deferred("b"), Deferred("c"), Act.Step("d"), Deferred("e"))),
        One("at most once", Act.Then(Act.Catch(Act.Step("a", 30, tries: 1) with { AtMostOnce = true }), Act.Step("b"))),
        One("side effects and facts", Act.Then(Act.SideEffect("e"), Act.Facts(), Act.Step("a"), Act.SideEffect("f"), Act.Facts())),
        One("saga undone", SagaOf(Act.Step("c", failing: 9, tries: 1)), expected: RunStatus.Failed),
        One("saga undone, workflow retried", SagaOf(Act.Step("c"), Act.Fail(1)), attempts: 2),
        One("saga that cannot undo all", Act.Saga(Undoable("a"), Undoable("b") with { UndoFailing = 9 }, Undoable("c"), Act.Fail(1)), expected: RunStatus.CompensationFailed),
        Story("saga cancelled", RunStatus.Cancelled, SagaOf(Act.Sleep(5000)), Post(60, MessageKind.Cancel)),
        Story("saga cancelled in a body", RunStatus.Cancelled, SagaOf(Undoable("c") with { Ms = 300 }, Act.Step("d")), Post(60, MessageKind.Cancel)),
        Story("terminate", RunStatus.Terminated, Act.Then(Act.Step("a"), Act.Sleep(5000)), Post(50, MessageKind.Terminate)),
        Story("terminate and cancel", RunStatus.Terminated, Act.Then(Act.Step("a"), Act.Sleep(5000)), Post(50, MessageKind.Terminate), Post(50, MessageKind.Cancel)),
        Story("paused between steps", Act.Then(Act.Step("a", 10), Act.Sleep(60), Act.Step("b")), Post(30, MessageKind.Pause), Post(150, MessageKind.Resume)),
        Story("paused beside running steps", Act.Then(Act.All(Act.Step("a", 100), Act.Then(Act.Step("b", 60), Act.Step("c"))), Act.Activity("d")),
            Post(40, MessageKind.Pause), Signal(50), Post(300, MessageKind.Resume)),
        Story("paused while nobody has it", Act.Then(Act.Step("a"), Act.Sleep(100), Act.Wait("go"), Act.Step("b")), Post(40, MessageKind.Pause), Signal(60), Signal(80), Post(200, MessageKind.Resume)) with
        {
            Settings = static s => s with { KeepWarm = TimeSpan.Zero },
        },
        Story("paused before a step that runs at most once", Act.Then(Act.Step("a", 60), Act.Step("b", 20, tries: 1) with { AtMostOnce = true }), Post(30, MessageKind.Pause), Post(150, MessageKind.Resume)),
        Story("paused and cancelled", RunStatus.Cancelled, Act.Guard(Act.Then(Act.Step("a", 60), Act.Step("b")), Act.Step("undo")), Post(30, MessageKind.Pause), Post(150, MessageKind.Cancel)),
        Story("paused and terminated", RunStatus.Terminated, Act.Then(Act.Step("a", 60), Act.Step("b")), Post(30, MessageKind.Pause), Signal(50), Post(150, MessageKind.Terminate)),
        Story("interrupted in a step", Act.Then(Act.Step("a", 100), Act.Step("b")), Post(40, MessageKind.Pause, interrupt: true), Post(300, MessageKind.Resume)),
        Story("interrupted beside a step that runs at most once", Act.Then(Act.All(Act.Step("a", 200), Act.Step("b", 90, tries: 1) with { AtMostOnce = true }), Act.Step("c")),
            Post(40, MessageKind.Pause, interrupt: true), Signal(50), Post(300, MessageKind.Resume)),
        Story("paused, then interrupted, then cancelled", RunStatus.Cancelled, Act.Guard(Act.Then(Act.Step("a", 300), Act.Step("b")), Act.Step("undo")),
            Post(30, MessageKind.Pause), Post(60, MessageKind.Pause, interrupt: true), Post(150, MessageKind.Cancel)),
        Story("interrupted and resumed at once", Act.Then(Act.Step("a", 100), Act.Step("b")), Post(40, MessageKind.Pause, interrupt: true), Post(40, MessageKind.Resume)),
        Story("cancelled, with a cleanup that takes too long", RunStatus.Terminated, Act.Guard(Act.Then(Act.Step("a"), Act.Sleep(5000)), Act.Step("undo", 2000)), Post(50, MessageKind.Cancel, graceMs: 200)),
        Story("cancelled, with a cleanup that is soon done", RunStatus.Cancelled, Act.Guard(Act.Then(Act.Step("a"), Act.Sleep(5000)), Act.Step("undo", 20)), Post(50, MessageKind.Cancel, graceMs: 20_000)),
        new Scenario("paused until its time is up", RunStatus.TimedOut)
        {
            Clients = static () => [[Start(Act.Guard(Act.Then(Act.Step("a"), Act.Sleep(60), Act.Step("b")), Act.Step("undo")), runTimeoutMs: 300), Post(30, MessageKind.Pause)()]],
        },
        new Scenario("paused beside a running step until its time is up", RunStatus.TimedOut)
        {
            // A signal is left unread behind the order to stand still, another comes when the end of its time lets the run go on.
            Clients = static () =>
            [
                [Start(Act.Guard(Act.Step("a", 600), Act.Step("undo", 100)), runTimeoutMs: 300), Post(30, MessageKind.Pause)(), Signal(100)(), Signal(340)(), Signal(360)()],
            ],
        },
        Retried("terminated and retried", Act.Then(Act.Step("a"), Act.Step("b", 400), Act.Step("c")), MessageKind.Terminate),
        Retried("terminated, cancelled and retried", Act.Then(Act.Step("a"), Act.Sleep(900), Act.Step("b")), MessageKind.Cancel, MessageKind.Terminate) with
        {
            // Nobody has the run in memory, so whoever takes it may find both orders.
            Settings = static s => s with { KeepWarm = TimeSpan.Zero },
        },
        Retried("cancelled and retried", Act.Guard(Act.Then(Act.Step("a"), Act.Sleep(300), Act.Step("b")), Act.Step("undo")), MessageKind.Cancel),
        Retried("terminated and retried beside its activity", Act.Then(Act.Activity("a", 400) with { Stubborn = true }, Act.Step("b")), MessageKind.Terminate) with
        {
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
            Second = static s => s with { RunQueues = ["other"] },
        },
        Retried("terminated and retried beside its own activity", Act.Then(Act.All(Act.Activity("a", 400) with { Stubborn = true }, Act.Step("b", 500)), Act.Step("c")), MessageKind.Terminate),
        One("child", Act.Then(Act.Step("a"), Act.Child(Act.Then(Act.Step("x"), Act.Step("y"))), Act.Step("b"))),
        One("children side by side", Act.Then(Act.All(Act.Child(Act.Step("x", 20)), Act.Child(Act.Step("y", 20)), Act.Step("a", 20)), Act.Step("b"))),
        One("child ends while nobody has its parent", Act.Then(Act.Child(Act.Then(Act.Step("x"), Act.Sleep(900))), Act.Step("b"))) with { Settings = static s => s with { KeepWarm = TimeSpan.Zero } },
        One("child fails", Act.Then(Act.Catch(Act.Child(Act.Step("x", failing: 9, tries: 1))), Act.Step("b"))),
        One("child of a workflow that is tried again", Act.Then(Act.All(Act.Child(Act.Step("x", 60)), Act.Then(Act.Step("a"), Act.Fail(1))), Act.Step("b")), attempts: 2),
        Story("parent cancelled", RunStatus.Cancelled, Act.Guard(Act.Child(Act.Guard(Act.Then(Act.Step("x"), Act.Child(Act.Sleep(5000))), Act.Step("y"))), Act.Step("undo")), Post(80, MessageKind.Cancel)),
        Story("parent terminated", RunStatus.Terminated, Act.Then(Act.Step("a"), Act.Child(Act.Then(Act.Step("x"), Act.Sleep(5000)))), Post(80, MessageKind.Terminate)),
        One("continued twice", Act.Then(Act.Step("a"), Act.Again(2), Act.Step("b")), expected: RunStatus.ContinuedAsNew),
        Story("continued with signals that nobody took", RunStatus.ContinuedAsNew, Act.Then(Act.Step("a", 40), Act.Wait("go"), Act.Again(2), Act.Step("b")),
            Signal(10), Signal(20, inProcess: true), Signal(25), Signal(120), Signal(140, inProcess: true)),
        One("continued with its data", Act.Then(Act.Data("one"), Act.Step("a"), Act.Data("two"), Act.Again(2), Act.Fail(1), Act.Step("b")), attempts: 2, expected: RunStatus.ContinuedAsNew),
        new Scenario("continued with an open hook", RunStatus.ContinuedAsNew)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.KeptHook("h", 1500, 3), Act.Step("a", 60), Act.Again(2), Act.Step("b")))],
                .. new[] { 30, 90, 200 }.Select(static (at, i) => new ClientOp[] { new AnswerOp { Run = "r", At = Ms(at), Name = "h", InProcess = i == 1, PatienceMs = 1000, OfAnyRun = true } }),
            ],
        },
        new Scenario("continued with a hook that is open until it is answered", RunStatus.ContinuedAsNew)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.KeptHook("h", 0, 2), Act.Step("a", 60), Act.Again(1), Act.Step("b")))],
                [new AnswerOp { Run = "r", At = Ms(30), Name = "h", PatienceMs = 1000, OfAnyRun = true }, new AnswerOp { Run = "r", At = Ms(250), Name = "h", InProcess = true, PatienceMs = 1000, OfAnyRun = true }],
            ],
        },
        new Scenario("continued with a hook that is answered as it moves on", RunStatus.ContinuedAsNew)
        {
            // Whoever answers has seen the hook in one run, and answers when the next one has it.
            Clients = static () =>
            [
                [Start(Act.Then(Act.KeptHook("h", 0, 3), Act.Step("a", 40), Act.Again(2), Act.Step("b", 60)))],
                .. new[] { (At: 20, Thinks: 5), (At: 21, Thinks: 40), (At: 60, Thinks: 50) }.Select(static (answer, i) => new ClientOp[]
                {
                    new AnswerOp { Run = "r", At = Ms(answer.At), Name = "h", InProcess = i == 1, PatienceMs = 1000, ThinksMs = answer.Thinks, OfAnyRun = true },
                }),
            ],
        },
        new Scenario("continued with a hook that is answered too often", RunStatus.ContinuedAsNew)
        {
            // It takes two answers, whichever runs have it.
            Clients = static () =>
            [
                [Start(Act.Then(Act.KeptHook("h", 0, 2), Act.Step("a", 40), Act.Again(2), Act.Step("b", 60)))],
                .. Enumerable.Range(0, 4).Select(static i => new ClientOp[] { new AnswerOp { Run = "r", At = Ms(20 + 15 * i), Name = "h", InProcess = i % 2 == 1, PatienceMs = 300, ThinksMs = 3 * i, OfAnyRun = true } }),
            ],
        },
        new Scenario("a worker that is paused", RunStatus.Completed)
        {
            // One of two is paused while both have runs, activities and signals to come; work goes on with the other, and at last with both.
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a", 20), Act.Activity("b", 20, failing: 1), Act.Wait("go"), Act.Step("c"))), Signal(150)()],
                [
                    new StartOp { Run = "born", At = Ms(10), InProcess = true, Program = Act.Then(Act.Step("x", 40), Act.Sleep(30), Act.Step("y"), Act.Activity("z")) },
                    new StartOp { Run = "later", At = Ms(90), InProcess = true, Program = Act.Then(Act.Step("l"), Act.Activity("m", 10)) },
                ],
                [new WorkerOp { Run = "r", At = Ms(30), Pauses = 0 }, new WorkerOp { Run = "r", At = Ms(110), Pauses = 1 }, new WorkerOp { Run = "r", At = Ms(250) }, new WorkerOp { Run = "r", At = Ms(3500) }],
            ],
            Second = static s => s,
        },
        new Scenario("a purge of a queue", RunStatus.Cancelled)
        {
            // The first has not been begun when the queue is purged; the second has, and goes on.
            Clients = static () =>
            [
                [new StartOp { Run = "begun", At = Ms(5), Program = Act.Then(Act.Step("x", 20), Act.Wait("go"), Act.Step("y")) }, Queue(60, static q => q with { Paused = true }), Start(Act.Step("a")),
                    new PurgeOp { Run = "r", At = Ms(100) }, Queue(200, static q => q with { Paused = false })],
                [Signal(80)(), new PostOp { Run = "begun", At = Ms(300), Kind = MessageKind.Signal, Name = "go" }],
            ],
        },
        new Scenario("activities taken off their queue", RunStatus.Completed)
        {
            // Nobody serves the queue; who takes the place of the first worker does.
            Clients = static () => [[Start(Act.Then(Act.All(Act.Catch(Act.Activity("a", 20)), Act.Catch(Act.Activity("b", 20)), Act.Catch(Act.Activity("c", 20))), Act.Step("d"))), new PurgeOp { Run = "r", At = Ms(60) }]],
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
        },
        new Scenario("activities taken off their queue as a worker takes them", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.All(Act.Catch(Act.Activity("a", 30)), Act.Catch(Act.Activity("b", 30)), Act.Catch(Act.Activity("c", 30)), Act.Catch(Act.Activity("d", 30))), Act.Step("e")))],
                [new PurgeOp { Run = "r", At = Ms(47) }], [new PurgeOp { Run = "r", At = Ms(75) }],
            ],
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { [PerdureDefaults.Queue] = 1 } },
        },
        new Scenario("an activity taken off its queue while its run is paused, ended and reopened", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Catch(Act.Activity("a", 20)), Act.Step("b"))), Post(60, MessageKind.Pause)(), new PurgeOp { Run = "r", At = Ms(90) }, Post(120, MessageKind.Terminate)()],
                [new RetryOp { Run = "r", At = Ms(130) }, new PurgeOp { Run = "r", At = Ms(1500) }],
            ],
            Settings = static s => s with { ActivityQueues = new Dictionary<string, int> { ["other"] = 1 } },
        },
        Story("continued and cancelled", RunStatus.ContinuedAsNew, Act.Then(Act.Step("a", 20), Act.Again(1), Act.Guard(Act.Sleep(5000), Act.Step("undo"))), Post(120, MessageKind.Cancel)),
        One("child that is continued", Act.Then(Act.Child(Act.Then(Act.Step("x"), Act.Again(2), Act.Step("y"))), Act.Step("b"))),
        One("for each", Act.Each(2, Act.Step("a"), Act.Step("b", 9), Act.Step("c"), Act.Step("d"))),
        new Scenario("poison beside health", RunStatus.Completed)
        {
            Clients = static () => [[Start(Act.Then(Act.Step("a"), Act.Step("b")))], [new StartOp { Run = "sick", Program = Act.Then(Act.Step("x"), Act.Step("y")) }]],
            Poisoned = ["sick"],
        },
        new Scenario("eviction under a signal", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Wait("go"), Act.Step("a"))), Signal(1010)(), Signal(1040)()],
                [new StartOp { At = Ms(20), Run = "other", Program = Act.Then(Act.Step("x"), Act.Sleep(100), Act.Step("y")) }],
            ],
            Settings = static s => s with { MaxResidentRuns = 1, KeepWarm = TimeSpan.FromMilliseconds(10) },
        },
        new Scenario("a worker with room for one run of the queue", RunStatus.Completed)
        {
            // Births are refused, runs that wait leave, and what comes by rows and signals competes for the slot.
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a", 30), Act.Wait("go", 200), Act.Step("b"), Act.Activity("c", 20), Act.Step("d")), inProcess: true), Signal(60)()],
                [new StartOp { Run = "r1", At = Ms(6), Program = Act.Then(Act.Step("x", 20), Act.Sleep(40), Act.Step("y")), InProcess = true }, new StartOp { Run = "r2", At = Ms(15), Program = Act.Step("z", 20) }],
            ],
            Settings = static s => s with { RunLimits = new Dictionary<string, int> { [PerdureDefaults.Queue] = 1 } },
            Second = static s => s with { RunLimits = new Dictionary<string, int> { [PerdureDefaults.Queue] = 1 } },
        },
        new Scenario("graceful stop", RunStatus.Completed)
        {
            Clients = static () => [[Start(Act.Then(Act.Step("a", 30), Act.Activity("b", 200), Act.Step("c")))]],
            StopAtMs = 60,
            Second = static s => s,
        },
        new Scenario("a limited queue", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Queue(0, static q => q with { MaxConcurrency = 1 }), Start(Act.Then(Act.Step("a"), Act.Activity("b", 20), Act.Sleep(30), Act.Step("c")), inProcess: true)],
                [new StartOp { Run = "r1", At = Ms(6), Program = Act.Then(Act.Step("x", 30), Act.Activity("y")) }, new StartOp { Run = "r2", At = Ms(20), Program = Act.Step("z", 20), InProcess = true }],
            ],
            Second = static s => s,
        },
        new Scenario("a limit that is set while work is under way", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a", 60), Act.Activity("b", 30), Act.Step("c")), inProcess: true), Queue(30, static q => q with { MaxConcurrency = 1 }), Queue(400, static q => q with { MaxConcurrency = 0 })],
                [new StartOp { Run = "r1", At = Ms(6), Program = Act.Then(Act.Step("x", 60), Act.Wait("go", 100), Act.Step("y")), InProcess = true }, new StartOp { Run = "r2", At = Ms(40), Program = Act.Step("z") }],
            ],
            Second = static s => s,
        },
        new Scenario("a limit for each key", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Queue(0, static q => q with { MaxPerKey = 1 }), new StartOp { Run = "r", At = Ms(5), Program = Act.Then(Act.Step("a", 30), Act.Step("b")), ConcurrencyKey = "k" }],
                [.. Enumerable.Range(1, 3).Select(static i => new StartOp { Run = $"r{i}", At = Ms(10), Program = Act.Step($"a{i}", 20), ConcurrencyKey = i == 3 ? "other" : "k" })],
            ],
            Second = static s => s,
        },
        new Scenario("a paused queue", RunStatus.Completed)
        {
            Clients = static () => [[Queue(0, static q => q with { Paused = true }), Start(Act.Then(Act.Step("a"), Act.Activity("b"))), Queue(200, static q => q with { Paused = false })]],
        },
        new Scenario("a queue that is paused while work is under way", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a", 30), Act.Activity("b"), Act.Step("c")), inProcess: true), Queue(20, static q => q with { Paused = true }), Queue(300, static q => q with { Paused = false, AgeAfter = TimeSpan.FromMilliseconds(10) })],
                [new StartOp { Run = "r1", At = Ms(40), Program = Act.Step("x"), InProcess = true }],
            ],
        },
        new Scenario("nobody took it in time", RunStatus.TimedOut)
        {
            Clients = static () =>
            [
                [Queue(0, static q => q with { Paused = true }), new StartOp { Run = "r", At = Ms(5), Program = Act.Step("a"), StartWithinMs = 100 }, Queue(300, static q => q with { Paused = false })],
                [new StartOp { Run = "kept", At = Ms(20), Program = Act.Step("x"), StartWithinMs = 60_000 }],
            ],
        },
        new Scenario("cancelled on a paused queue", RunStatus.Cancelled)
        {
            Clients = static () => [[Queue(0, static q => q with { Paused = true }), Start(Act.Step("a")), Post(60, MessageKind.Cancel)(), Queue(200, static q => q with { Paused = false })]],
        },
        new Scenario("cancelled on a paused queue beside signals", RunStatus.Cancelled)
        {
            // Whoever takes the run records the cancellation, and some signal comes before the end is written.
            Clients = static () =>
            [
                [Queue(0, static q => q with { Paused = true }), Start(Act.Step("a")), Post(60, MessageKind.Cancel)(), Queue(200, static q => q with { Paused = false })],
                [.. Enumerable.Range(0, 4).Select(static _ => Signal(60)())],
                [.. Enumerable.Range(0, 4).Select(static _ => Signal(60)())],
            ],
        },
        Scheduled("a schedule whose runs take longer than its interval", ScheduleOverlap.Skip, Act.Then(Act.Step("a"), Act.Sleep(1200))),
        Scheduled("a schedule that lets one time wait", ScheduleOverlap.BufferOne, Act.Then(Act.Step("a"), Act.Sleep(1200))),
        Scheduled("a schedule that cancels the run before", ScheduleOverlap.CancelOther, Act.Guard(Act.Sleep(1300), Act.Step("undo"))),
        new Scenario("schedules that are deleted as they are due", RunStatus.Cancelled)
        {
            // Each is deleted a little later: some before their next run is decided on, some while its start is on its way to the store.
            Clients = static () =>
            [
                .. Enumerable.Range(0, 10).Select(static i => new ClientOp[]
                {
                    ScheduleWork.Start(i == 0 ? "r" : $"r{i}", Ms(5), ScheduleWork.Define($"s{i}", ScheduleTimes.Every(TimeSpan.FromSeconds(1)), Act.Step("a"), new ScheduleOptions())),
                    new PostOp { Run = i == 0 ? "r" : $"r{i}", At = Ms(999) + i * Ms(1) / 2, Kind = MessageKind.Cancel },
                }),
            ],
        },
        Story("work on request", Act.Then(Act.Step("a"), Act.Sleep(150), Act.Activity("b", 20, failing: 1), Act.Wait("go"), Act.Step("c")), Signal(500)) with
        {
            Rounds = new Rounds(Budget: TimeSpan.FromSeconds(5), Every: TimeSpan.FromMilliseconds(250)),
        },
        Story("a run that is driven by hand", Act.Then(Act.Step("a", 60), Act.Sleep(200), Act.Step("b", 300), Act.Step("c"))) with
        {
            // A call is over in the middle of the second step, which begins anew in a later one.
            Rounds = new Rounds(Budget: TimeSpan.FromMilliseconds(400), Every: TimeSpan.FromMilliseconds(150), OneRun: true),
        },
        new Scenario("two builds, each with its version", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a"), Act.Sleep(40), Act.Step("b"), Act.Wait("go", 300), Act.Step("c"))), Signal(140)()],
                [new StartOp { Run = "r2", At = Ms(5), Program = Act.Then(Act.Step("x"), Act.Sleep(30), Act.Step("y")), Version = 2 }, new StartOp { Run = "r3", At = Ms(6), Program = Act.Step("z"), Version = 2 }],
            ],
            Settings = static s => s with { KeepWarm = TimeSpan.FromMilliseconds(10), ResumeFittingRuns = true },
            Second = static s => s with { KeepWarm = TimeSpan.FromMilliseconds(10), ResumeFittingRuns = true },
            Builds = ([1], [2]),
        },
        new Scenario("two builds, each with its pinned runs", RunStatus.Completed)
        {
            Clients = static () =>
            [
                [Start(Act.Then(Act.Step("a"), Act.Sleep(40), Act.Step("b"), Act.Wait("go", 300), Act.Step("c"))), Signal(140)()],
                [
                    new StartOp { Run = "r2", At = Ms(5), Program = Act.Then(Act.Step("x"), Act.Sleep(30), Act.Child(Act.Step("v"))), Build = "b2" },
                    new StartOp { Run = "r3", At = Ms(6), Program = Act.Step("z"), Build = "b1" },
                ],
            ],
            Settings = static s => s with { KeepWarm = TimeSpan.FromMilliseconds(10), ResumeFittingRuns = true },
            Second = static s => s with { KeepWarm = TimeSpan.FromMilliseconds(10), ResumeFittingRuns = true },
            Pins = ("b1", "b2"),
        },
        Piped("a pipeline that waits for an event", RunStatus.Completed, "event", static act => act.Name is "left2" or "item" or "held" ? act with { Failing = 1 } : act, Signal(300)),
        new Scenario("a pipeline that asks people", RunStatus.Completed)
        {
            Clients = static () => [[Pipe("question", static act => act.Name == "first" ? act with { Failing = 2 } : act)], [Answer(200, "question")()]],
        },
        Piped("a pipeline that is undone", RunStatus.Failed, "nap", static act => act.Name is "last" ? act with { Failing = 9 } : act with { UndoFailing = 1 }),
        Piped("a pipeline that is cancelled in a body", RunStatus.Cancelled, "nap", static act => act.Name is "paid" ? act with { Ms = 400 } : act, Post(600, MessageKind.Cancel)),
        new Scenario("takeover at the same time", RunStatus.Completed)
        {
            Clients = static () => [[Start(Act.Then(Act.Step("a"), Act.Sleep(40), Act.Step("b"), Act.Wait("go", 200))), Signal(90)()]],
            Second = static s => s,
        },
    ];

    private static QueueOp Queue(int atMs, Func<QueueChange, QueueChange> change) => new() { Run = "r", At = Ms(atMs), Change = change(new QueueChange(PerdureDefaults.Queue)) };

    /// <summary>A schedule of every second, which somebody deletes after three.</summary>
    private static Scenario Scheduled(string name, ScheduleOverlap overlap, Act job) => new(name, RunStatus.Cancelled)
    {
        Clients = () =>
        [
            [
                ScheduleWork.Start("r", Ms(5), ScheduleWork.Define("s", ScheduleTimes.Every(TimeSpan.FromSeconds(1)), job, new ScheduleOptions { Overlap = overlap })),
                Post(3300, MessageKind.Cancel)(),
            ],
        ],
    };

    private static StartOp Start(Act program, bool inProcess = false, int attempts = 1, int delayMs = 0, int runTimeoutMs = 0) =>
        new() { Run = "r", At = Ms(5), Program = program, InProcess = inProcess, Attempts = attempts, DelayMs = delayMs, RunTimeoutMs = runTimeoutMs };

    private static Scenario One(
        string name, Act program, bool inProcess = false, int attempts = 1, int delayMs = 0, int runTimeoutMs = 0, RunStatus expected = RunStatus.Completed) =>
        new(name, expected) { Clients = () => [[Start(program, inProcess, attempts, delayMs, runTimeoutMs)]] };

    private static Scenario Story(string name, Act program, params Func<PostOp>[] posts) => Story(name, RunStatus.Completed, program, posts);

    private static Scenario Story(string name, Act program, int attempts, params Func<PostOp>[] posts) =>
        new(name, RunStatus.Completed) { Clients = () => [[Start(program, attempts: attempts), .. posts.Select(static post => post())]] };

    private static Scenario Story(string name, RunStatus expected, Act program, params Func<PostOp>[] posts) =>
        new(name, expected) { Clients = () => [[Start(program), .. posts.Select(static post => post())]] };

    /// <summary>A run that is stopped, and retried by an operator as soon as it has ended.</summary>
    private static Scenario Retried(string name, Act program, params MessageKind[] stops) => new(name, RunStatus.Completed)
    {
        Clients = () => [[Start(program), .. stops.Select(static stop => Post(50, stop)())], [new RetryOp { Run = "r", At = Ms(60) }]],
    };

    private static StartOp Pipe(string kind, Func<Act, Act> change) => new() { Run = "r", At = Ms(5), Program = PipelineWork.Program(kind, change), IsPipeline = true };

    private static Scenario Piped(string name, RunStatus expected, string kind, Func<Act, Act> change, params Func<PostOp>[] posts) =>
        new(name, expected) { Clients = () => [[Pipe(kind, change), .. posts.Select(static post => post())]] };

    private static Scenario Keyed(string name, Act program, bool inProcess)
    {
        StartOp Twin(Act act) => new() { Run = "r", At = Ms(5), Program = act, StartKey = "k", InProcess = inProcess };
        return new Scenario(name, RunStatus.Completed) { Clients = () => [[Twin(program), Twin(program)], [Twin(program)], [Twin(Act.Step("else"))]] };
    }

    private static ClientOp[] Many(string[] runs, bool inProcess) =>
    [
        new StartManyOp
        {
            Run = runs[0], At = Ms(5), InProcess = inProcess,
            Starts = [.. runs.Select(static run => new StartOp { Run = run, Program = Act.Then(Act.Step($"a{run}"), Act.Step($"b{run}", 20)), StartKey = $"key of {run}" })],
        },
    ];

    private static Act Undoable(string name) => Act.Step(name) with { Undo = "un-" + name, UndoFailing = 1 };

    private static Act SagaOf(params Act[] rest) => Act.Then(Act.Step("before"), Act.Saga([Undoable("a"), Undoable("b"), .. rest]), Act.Step("after"));

    private static Act Deferred(string name) => Act.Step(name, 2) with { Deferred = true };

    private static Func<PostOp> Signal(int atMs, bool inProcess = false) => () => new PostOp { Run = "r", At = Ms(atMs), Kind = MessageKind.Signal, Name = "go", InProcess = inProcess };

    /// <summary>Each answer is another client's.</summary>
    private static Scenario Answered(string name, Act program, params Func<AnswerOp>[] answers) =>
        new(name, RunStatus.Completed) { Clients = () => [[Start(program)], .. answers.Select(static answer => new ClientOp[] { answer() })] };

    private static Func<AnswerOp> Answer(int atMs, string name, bool inProcess = false, int thinksMs = 0) =>
        () => new AnswerOp { Run = "r", At = Ms(atMs), Name = name, InProcess = inProcess, PatienceMs = 1000, ThinksMs = thinksMs };

    private static EndWaitOp EndWait(int atMs, string name, bool inProcess = false) => new() { Run = "r", At = Ms(atMs), Name = name, InProcess = inProcess, PatienceMs = 300 };

    private static Func<PostOp> Stop(int atMs) => () => new PostOp { Run = "r", At = Ms(atMs), Kind = MessageKind.Signal, Name = "stop" };

    private static Func<PostOp> Post(int atMs, MessageKind kind, bool interrupt = false, int graceMs = 0) =>
        () => new PostOp { Run = "r", At = Ms(atMs), Kind = kind, Interrupt = interrupt, GraceMs = graceMs };

    private static long Ms(int ms) => ms * TimeSpan.TicksPerMillisecond;
}
