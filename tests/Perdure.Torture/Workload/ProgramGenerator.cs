using System.Text.Json.Nodes;
using Perdure.Torture.Adapter.Programs;

namespace Perdure.Torture.Workload;

/// <summary>Makes random programs. Not thread safe.</summary>
internal sealed class ProgramGenerator(int seed, int maxDeliveries)
{
    private readonly Random _random = new(seed);
    private int _programs;
    private int _ids;

    /// <summary>The next program.</summary>
    public GeneratedProgram Next()
    {
        _ids = 0;
        var signals = new List<string>();
        var isPoison = _programs % 200 == 50;
        var name = $"P{_programs++:00000}";
        var operations = new JsonArray();
        var count = _random.Next(2, 6);
        // What stands before it runs once in each generation.
        var (can, generations) = _random.Next(6) == 0 ? (_random.Next(0, count), _random.Next(1, 3)) : (-1, 0);
        for (var i = 0; i < count; i++)
        {
            operations.Add(Any(depth: 0, turns: i <= can ? generations + 1 : 1, signals));
            if (i == can) operations.Add(new JsonObject { ["o"] = "can", ["id"] = Id("n"), ["n"] = generations });
        }
        if (isPoison) operations.Add(Step(new JsonArray(new JsonArray("kill", 1_000_000)), mayBeQueued: false));
        else if (_random.Next(20) == 0) operations.Add(new JsonObject { ["o"] = "fail", ["id"] = Id("x") });
        return Program(name, operations, signals, isPoison);
    }

    /// <summary>The program that a schedule starts again and again. It waits for nobody.</summary>
    public GeneratedProgram NextOfSchedule(string schedule)
    {
        _ids = 0;
        return Program(schedule, [Step(Failures()), new JsonObject { ["o"] = "sleep", ["id"] = Id("t"), ["ms"] = _random.Next(200, 2500) }], [], isPoison: false);
    }

    private GeneratedProgram Program(string name, JsonArray operations, List<string> signals, bool isPoison) => new()
    {
        Name = name, Ph = PhOf(name), Operations = operations, Signals = signals, IsPoison = isPoison, MaxDeliveries = maxDeliveries,
    };

    private string PhOf(string name) => Witness.Of("program", $"{seed}", name);

    private JsonObject Any(int depth, int turns, List<string> signals) => _random.Next(depth == 0 ? 17 : 9) switch
    {
        0 or 1 or 2 => Step(Failures()),
        3 or 4 => new() { ["o"] = "sleep", ["id"] = Id("t"), ["ms"] = _random.Next(1, 900) },
        5 => Wait(turns, signals),
        6 => new() { ["o"] = Pick("now", "uuid", "rand"), ["id"] = Id("v") },
        7 => TimedStep(),
        8 => Step(null),
        9 or 10 => FanOut(),
        11 or 12 => Saga(),
        13 => Loop(turns, signals),
        14 or 15 => Child(depth: 0),
        _ => new() { ["o"] = "shield", ["id"] = Id("q"), ["b"] = new JsonArray(Any(1, turns, signals), _random.Next(4) == 0 ? Child(depth: 0) : Any(1, turns, signals)) },
    };

    /// <summary>A child that waits for nobody: only its parent knows its id.</summary>
    private JsonObject Child(int depth)
    {
        var id = Id("c");
        // A loop starts several of one program, so its name need not be theirs alone.
        var name = $"P{_programs:00000}/{id}";
        var operations = new JsonArray();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            operations.Add(_random.Next(depth == 0 ? 6 : 5) switch
            {
                0 or 1 => Step(Failures()),
                2 => new JsonObject { ["o"] = "sleep", ["id"] = Id("t"), ["ms"] = _random.Next(1, 900) },
                3 => FanOut(),
                4 => Saga(),
                _ => Child(depth + 1),
            });
        }
        if (_random.Next(6) == 0) operations.Add(new JsonObject { ["o"] = "can", ["id"] = Id("n"), ["n"] = 1 });
        if (_random.Next(6) == 0) operations.Add(new JsonObject { ["o"] = "fail", ["id"] = Id("x") });
        return new() { ["o"] = "child", ["id"] = id, ["key"] = null, ["prog"] = new JsonObject { ["k"] = name, ["ph"] = PhOf(name), ["ops"] = operations } };
    }

    private JsonObject Step(JsonArray? fail, bool mayBeQueued = true)
    {
        var step = new JsonObject { ["o"] = "step", ["id"] = Id("s"), ["ms"] = _random.Next(8) == 0 ? _random.Next(200, 600) : _random.Next(0, 60) };
        if (fail is not null) step["fail"] = fail;
        if (_random.Next(4) == 0) step["retry"] = new JsonObject { ["max"] = _random.Next(2, 5), ["min_ms"] = _random.Next(20, 200) };
        if (_random.Next(8) == 0) step["size"] = _random.Next(1, 3000);
        if (mayBeQueued && _random.Next(6) == 0) (step["where"], step["q"]) = ("queue", Pick("q1", "q2"));
        return step;
    }

    private JsonObject TimedStep()
    {
        var step = Step(_random.Next(2) == 0 ? new JsonArray(new JsonArray("hang", 1)) : null);
        step["ms"] = 1;
        step["timeout"] = _random.Next(150, 300);
        return step;
    }

    private JsonArray? Failures() => _random.Next(10) switch
    {
        0 or 1 or 2 => new JsonArray(new JsonArray("throw", _random.Next(1, 4))),
        3 => _random.Next(3) == 0 ? new JsonArray(new JsonArray("throw", 1), new JsonArray("fatal", 1)) : null,
        4 => _random.Next(20) == 0 ? new JsonArray(new JsonArray(Pick("kill", "exit", "endkill"), 1)) : null,
        _ => null,
    };

    private JsonObject Wait(int turns, List<string> signals)
    {
        var name = Pick("a", "b");
        var isForever = _random.Next(2) == 0;
        // One for each time, also where the wait may not last so long: another wait of that name may last for ever.
        for (var i = 0; i < turns; i++) signals.Add(name);
        return new() { ["o"] = "wait", ["id"] = Id("w"), ["name"] = name, ["ms"] = isForever ? null : _random.Next(50, 900) };
    }

    private JsonObject FanOut()
    {
        var branches = new JsonArray();
        var count = _random.Next(2, 5);
        for (var i = 0; i < count; i++)
        {
            var branch = new JsonArray();
            for (var j = _random.Next(1, 3); j > 0; j--)
                branch.Add(_random.Next(4) == 0 ? new JsonObject { ["o"] = "sleep", ["id"] = Id("t"), ["ms"] = _random.Next(1, 400) } : Step(Failures()));
            branches.Add(branch);
        }
        return new() { ["o"] = Pick("all", "each", "any"), ["id"] = Id("f"), ["b"] = branches };
    }

    private JsonObject Saga()
    {
        var steps = new JsonArray();
        var count = _random.Next(2, 4);
        for (var i = 0; i < count; i++)
        {
            var step = Step(Failures());
            var undo = Step(_random.Next(4) == 0 ? new JsonArray(new JsonArray(_random.Next(6) == 0 ? "fatal" : "throw", 1)) : null);
            step["undo"] = undo;
            steps.Add(step);
        }
        return new() { ["o"] = "saga", ["id"] = Id("g"), ["s"] = steps, ["failAt"] = _random.Next(2) == 0 ? _random.Next(0, count + 1) : null };
    }

    private JsonObject Loop(int generations, List<string> signals)
    {
        var turns = _random.Next(2, 4);
        var body = new JsonArray();
        for (var i = _random.Next(1, 3); i > 0; i--) body.Add(Any(1, turns * generations, signals));
        if (_random.Next(4) == 0) body.Add(Child(depth: 1));
        return new() { ["o"] = "loop", ["id"] = Id("l"), ["n"] = turns, ["b"] = body };
    }

    private string Id(string kind) => $"{kind}{_ids++}";

    private string Pick(params ReadOnlySpan<string> of) => of[_random.Next(of.Length)];
}
