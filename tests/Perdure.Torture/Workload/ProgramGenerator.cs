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
        for (var i = 0; i < count; i++) operations.Add(Any(depth: 0, turns: 1, signals));
        if (isPoison) operations.Add(Step(new JsonArray(new JsonArray("kill", 1_000_000))));
        else if (_random.Next(20) == 0) operations.Add(new JsonObject { ["o"] = "fail", ["id"] = Id("x") });
        return new GeneratedProgram
        {
            Name = name, Ph = Witness.Of("program", $"{seed}", name), Operations = operations, Signals = signals, IsPoison = isPoison, MaxDeliveries = maxDeliveries,
        };
    }

    private JsonObject Any(int depth, int turns, List<string> signals) => _random.Next(depth == 0 ? 15 : 9) switch
    {
        0 or 1 or 2 => Step(Failures()),
        3 or 4 => new() { ["o"] = "sleep", ["id"] = Id("t"), ["ms"] = _random.Next(1, 900) },
        5 => Wait(turns, signals),
        6 => new() { ["o"] = Pick("now", "uuid", "rand"), ["id"] = Id("v") },
        7 => TimedStep(),
        8 => Step(null),
        9 or 10 => FanOut(),
        11 or 12 => Saga(),
        13 => Loop(signals),
        _ => new() { ["o"] = "shield", ["id"] = Id("q"), ["b"] = new JsonArray(Any(1, turns, signals), Any(1, turns, signals)) },
    };

    private JsonObject Step(JsonArray? fail)
    {
        var step = new JsonObject { ["o"] = "step", ["id"] = Id("s"), ["ms"] = _random.Next(8) == 0 ? _random.Next(200, 600) : _random.Next(0, 60) };
        if (fail is not null) step["fail"] = fail;
        if (_random.Next(4) == 0) step["retry"] = new JsonObject { ["max"] = _random.Next(2, 5), ["min_ms"] = _random.Next(20, 200) };
        if (_random.Next(8) == 0) step["size"] = _random.Next(1, 3000);
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

    private JsonObject Loop(List<string> signals)
    {
        var turns = _random.Next(2, 4);
        var body = new JsonArray();
        for (var i = _random.Next(1, 3); i > 0; i--) body.Add(Any(1, turns, signals));
        return new() { ["o"] = "loop", ["id"] = Id("l"), ["n"] = turns, ["b"] = body };
    }

    private string Id(string kind) => $"{kind}{_ids++}";

    private string Pick(params ReadOnlySpan<string> of) => of[_random.Next(of.Length)];
}
