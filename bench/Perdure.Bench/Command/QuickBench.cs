using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Perdure.Bench.Cases;
using Perdure.Bench.Engines;
using Perdure.Bench.Measuring;

namespace Perdure.Bench.Command;

/// <summary>The small form: so many workflows, so many at a time, one row a backend.</summary>
internal static class QuickBench
{
    public const string Header = "backend  conc payload  p50(ms)  p95(ms)  throughput";
    private const int BareRounds = 5;

    public static async Task<int> RunAsync(Arguments args, TextWriter output)
    {
        var (tasks, concurrency) = (args.Number("tasks", 20), args.Number("concurrency", 10));
        var (payload, steps, rounds) = (args.Number("payload-size", 0, least: 0), args.Number("steps", 3), args.Number("rounds", 1, bare: BareRounds));
        var (backend, json, directory) = (args.Text("backend", "all"), args.Has("json"), args.Text("dir", Path.GetTempPath()));
        args.RefuseUnknown();
        Backend[] backends = backend == "all" ? [Backend.Memory, Backend.Sqlite] : [Backends.Parse(backend)];

        using var scratch = new Scratch(directory);
        var cases = backends.Select(one => Throughput.Create(scratch, one, steps, concurrency, tasks, payload)).ToArray();
        var results = await Rounds.RunAsync(cases, rounds, TimeSpan.Zero, quiet: true);
        if (json) output.WriteLine(Json(results, MachineInfo.Read(scratch.Directory)));
        else
        {
            output.WriteLine(Header);
            for (var i = 0; i < cases.Length; i++)
            {
                double Median(string figure) => results.Median(cases[i].Name, figure)!.Value;
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{backends[i].Text(),-7}  {concurrency,4} {payload,7}  {Median("p50Ms"),7:0.00}  {Median("p95Ms"),7:0.00}  {Median("workflowsPerSecond"),10:0.0}"));
            }
        }
        return 0;

        string Json(Results results, MachineInfo host)
        {
            var rows = new JsonArray();
            for (var i = 0; i < cases.Length; i++)
            {
                double Median(string figure) => Math.Round(results.Median(cases[i].Name, figure)!.Value, 4);
                rows.Add(new JsonObject
                {
                    ["backend"] = backends[i].Text(), ["concurrency"] = concurrency, ["payloadSize"] = payload, ["tasks"] = tasks, ["steps"] = steps, ["rounds"] = rounds,
                    ["p50Ms"] = Median("p50Ms"), ["p95Ms"] = Median("p95Ms"), ["p99Ms"] = Median("p99Ms"),
                    ["throughput"] = Median("workflowsPerSecond"), ["stepsPerSecond"] = Median("stepsPerSecond"),
                });
            }
            return new JsonObject { ["host"] = host.ToJson(), ["results"] = rows }.ToJsonString(JsonSerializerOptions.Default);
        }
    }
}
