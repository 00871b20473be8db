using System.Text.Json.Nodes;
using Perdure.Torture.Processes;

namespace Perdure.Torture.Workload;

/// <summary>What clients do with one program: start it, maybe twice, signal it, maybe cancel it.</summary>
internal sealed class Script(Clients clients, RunRecord record, int seed)
{
    private readonly Random _random = new(seed);

    public async Task RunAsync()
    {
        var signals = record.Program.Signals;
        // Half of those that wait for signals are brought to life by the first one.
        var isSignalled = signals.Count > 0 && _random.Next(2) == 0;
        var run = isSignalled ? await SignalWithStartAsync(signals[0], MidOf(0)) : await StartAsync();
        if (_random.Next(5) == 0) await StartAsync();
        var cancel = _random.Next(6) == 0 ? CancelAsync(run) : Task.CompletedTask;
        for (var i = isSignalled ? 1 : 0; i < signals.Count; i++)
        {
            await Task.Delay(_random.Next(0, 300));
            await SignalAsync(run, signals[i], MidOf(i));
        }
        await cancel;
    }

    private Task<string> StartAsync() => StartAsync(new()
    {
        ["op"] = "start", ["key"] = record.Key, ["prog"] = record.Program.ToJson(), ["sched_ms"] = _random.Next(10) == 0 ? _random.Next(1, 800) : 0,
    });

    private async Task<string> SignalWithStartAsync(string name, string mid)
    {
        var run = await StartAsync(new()
        {
            ["op"] = "signal_start", ["key"] = record.Key, ["prog"] = record.Program.ToJson(), ["sched_ms"] = _random.Next(10) == 0 ? _random.Next(1, 800) : 0,
            ["name"] = name, ["mid"] = mid, ["v"] = mid,
        });
        record.IsSignalledStart = true;
        record.Signals.Add(new SentSignal(name, mid, Refused: null));
        return run;
    }

    private async Task<string> StartAsync(JsonObject request)
    {
        var answer = await clients.CallAsync(request);
        if (answer["run"]?.GetValue<string>() is not { } run) throw new HarnessException($"A start was refused: {answer.ToJsonString()}");
        if (answer["new"]!.GetValue<bool>()) record.Creations++;
        record.Ids.Add(run);
        return run;
    }

    private static string MidOf(int index) => $"m{index}";

    private async Task SignalAsync(string run, string name, string mid)
    {
        string? refused = null;
        for (var times = _random.Next(6) == 0 ? 2 : 1; times > 0; times--)
        {
            var answer = await clients.CallAsync(new() { ["op"] = "signal", ["run"] = run, ["name"] = name, ["mid"] = mid, ["v"] = mid });
            var isTaken = answer["ok"]!.GetValue<bool>();
            // Once it was accepted, a repetition may not be refused either.
            refused = isTaken ? null : answer["reason"]?.GetValue<string>() ?? "rejected";
        }
        record.Signals.Add(new SentSignal(name, mid, refused));
    }

    private async Task CancelAsync(string run)
    {
        await Task.Delay(_random.Next(0, 1500));
        var answer = await clients.CallAsync(new() { ["op"] = "cancel", ["run"] = run });
        if (answer["cancel"]?.GetValue<string>() == "recorded") record.IsCancelRecorded = true;
        else record.StateAtCancel = answer["state"]?.GetValue<string>();
    }
}
