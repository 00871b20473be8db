using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Dumps;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>dump</c>: the state of every run and of every schedule.</summary>
internal static class DumpCommand
{
    public static async Task<int> RunAsync(AdapterSettings settings)
    {
        await using var services = Engine.BuildClient(settings);
        var client = services.GetRequiredService<IPerdureClient>();
        using var lines = new Answers(Console.OpenStandardOutput());
        var count = 0;
        var runs = new AllRuns(client);
        await foreach (var run in runs.ReadAsync())
        {
            var parent = RunDump.IsChild(run.First) && run.First.ParentId is { } id ? await runs.OutsideIdAsync(id) : null;
            foreach (var line in RunDump.Write(run, parent)) Write(line);
        }
        await foreach (var line in new SlotLines(client).WriteAsync()) Write(line);
        lines.Write(new() { ["r"] = "end", ["lines"] = count + 1 });
        return 0;

        void Write(JsonObject line)
        {
            lines.Write(line);
            count++;
        }
    }
}
