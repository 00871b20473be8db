namespace Perdure.Simulation;

/// <summary>Random programs for the interpreter.</summary>
internal sealed class Programs(SimRandom random)
{
    private int _names;

    public Act Draw()
    {
        var acts = new Act[random.Between(1, 5)];
        for (var i = 0; i < acts.Length; i++) acts[i] = Draw(2);
        return Act.Then(acts);
    }

    private Act Draw(int depth) => random.Next(depth <= 0 ? 9 : 18) switch
    {
        0 or 1 or 2 => Step(),
        3 => Act.Activity(Name("a"), random.Pick(0, 5, 60, 700), random.Pick(0, 0, 1)),
        4 => Act.Sleep(random.Pick(0, 20, 300, 2500)),
        5 => Wait(),
        6 => random.Pick(Act.Facts(), Act.SideEffect(Name("e"))),
        7 => (_names % 4) switch { 0 => Act.Publish(random.Pick("state", "stage")), 1 => Act.Version(random.Pick("change", "other")), _ => Act.Data(random.Pick("one", "two")) },
        8 => Special(),
        9 or 10 => Act.All(Several(depth)),
        11 => Act.Any(Several(depth)),
        12 => Act.Race(Operation(), Operation()),
        13 => Act.Each(random.Between(1, 3), Several(depth)),
        14 => Act.Guard(Draw(depth - 1), Step()),
        15 => Act.Catch(Draw(depth - 1)),
        16 => Act.Saga([.. Several(depth).Select(act => act.Kind == ActKind.Step && random.Chance(0.7) ? act with { Undo = "un-" + act.Name, UndoFailing = random.Pick(0, 0, 1, 9) } : act), random.Pick(Step(), Act.Fail(1))]),
        _ => Act.Then(Several(depth)),
    };

    private Act Wait() => random.Next(10) switch
    {
        0 => Act.WaitAll("go stop", random.Pick(0, 30, 1500)),
        1 => Act.Drain(random.Pick("go", "stop")),
        2 => Act.Peek(random.Pick("go", "stop")),
        3 => Act.Hook(Name("h"), random.Pick(30, 400, 3000), random.Pick(1, 1, 2)),
        4 => Act.Input(Name("q"), random.Pick(30, 400, 3000)),
        _ => Act.Wait(random.Pick("go", "stop"), random.Pick(0, 0, 30, 1500)),
    };

    private Act Step()
    {
        var step = Act.Step(Name("s"), random.Pick(0, 3, 50, 1200), random.Pick(0, 0, 0, 1, 2), retryMs: random.Pick(10, 200, 3000));
        return step.Ms >= 50 && _names % 3 == 0 ? step with { Checkpoints = 2 } : step;
    }

    private Act Operation() => random.Next(4) switch
    {
        0 => Step(),
        1 => Act.Sleep(random.Pick(20, 300)),
        2 => Act.Wait("go", random.Pick(0, 200)),
        _ => Act.Activity(Name("a"), random.Pick(5, 300)),
    };

    private Act Special() => random.Next(9) switch
    {
        7 or 8 => Act.Child(Act.Then(Several(0))),
        0 => Step() with { AtMostOnce = true, Failing = 0 },
        1 => Act.Then(Step() with { Deferred = true }, Step() with { Deferred = true }),
        2 => Act.Activity(Name("a"), 40) with { Local = true },
        3 => Act.Activity(Name("a"), 300) with { HeartbeatMs = 150, Silent = random.Pick(0, 1) },
        4 => Step() with { LimitMs = random.Pick(20, 400), Stubborn = random.Chance(0.5) },
        5 => Act.Activity(Name("a"), 20) with { QueueLimitMs = 2000 },
        _ => Act.Fail(random.Pick(1, 2)),
    };

    private Act[] Several(int depth)
    {
        var acts = new Act[random.Between(1, 3)];
        for (var i = 0; i < acts.Length; i++) acts[i] = Draw(depth - 1);
        return acts;
    }

    private string Name(string kind) => kind + ++_names;
}
