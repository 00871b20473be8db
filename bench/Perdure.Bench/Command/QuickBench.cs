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
        var (payload, steps) = (args.Number("payload-size", 0, least: 0), args.Number("steps", 3));
        var rounds = args.Number("rounds", 1, bare: BareRounds);
        var (backend, json, directory) = (args.Text("backend", "all"), args.Has("json"), args.Text("dir", Path.GetTempPath()));
        var warmUp = TimeSpan.FromSeconds(args.Number("warmup", 1, least: 0));
        args.RefuseUnknown();
        Backend[] backends = backend == "all" ? [Backend.Memory, Backend.Sqlite] : [Backends.Parse(backend)];

        using var scratch = new Scratch(directory);
        var cases = backends.Select(one => Throughput.Create(scratch, one, steps, concurrency, tasks, payload)).ToArray();
        var results = await new Rounds { Count = rounds, WarmUp = warmUp }.RunAsync(cases);
        var rows = new JsonArray();
        if (!json) output.WriteLine(Header);
        for (var i = 0; i < cases.Length; i++)
        {
            var (name, store) = (cases[i].Name, backends[i].Text());
            double Median(string figure) => results.Find(name, figure)!.Value.Median;
            var (p50, p95, throughput) = (Median("p50Ms"), Median("p95Ms"), Median("workflowsPerSecond"));
            if (!json)
            {
                output.WriteLine(FormattableString.Invariant(
                    $"{store,-7}  {concurrency,4} {payload,7}  {p50,7:0.00}  {p95,7:0.00}  {throughput,10:0.0}"));
                continue;
            }
            rows.Add(new JsonObject
            {
                ["backend"] = store, ["concurrency"] = concurrency, ["payloadSize"] = payload, ["tasks"] = tasks, ["steps"] = steps,
                ["rounds"] = rounds,
                ["p50Ms"] = Math.Round(p50, 4), ["p95Ms"] = Math.Round(p95, 4), ["p99Ms"] = Math.Round(Median("p99Ms"), 4),
                ["throughput"] = Math.Round(throughput, 4), ["stepsPerSecond"] = Math.Round(Median("stepsPerSecond"), 4),
            });
        }
        if (json)
        {
            var host = MachineInfo.Read(scratch.Directory).ToJson();
            output.WriteLine(new JsonObject { ["host"] = host, ["results"] = rows }.ToJsonString(JsonSerializerOptions.Default));
        }
        return 0;
    }
}
