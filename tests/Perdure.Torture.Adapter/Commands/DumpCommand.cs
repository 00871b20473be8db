using Microsoft.Extensions.DependencyInjection;
using Perdure.Torture.Adapter.Clients;
using Perdure.Torture.Adapter.Dumps;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>dump</c>: the state of every run.</summary>
internal static class DumpCommand
{
    public static async Task<int> RunAsync(AdapterSettings settings)
    {
        await using var services = Engine.BuildClient(settings);
        var client = services.GetRequiredService<IPerdureClient>();
        using var lines = new Answers(Console.OpenStandardOutput());
        var count = 0;
        foreach (var id in await AllRuns.IdsAsync(client))
        {
            foreach (var line in RunDump.Write(await RunSnapshot.ReadAsync(client, id)))
            {
                lines.Write(line);
                count++;
            }
        }
        lines.Write(new() { ["r"] = "end", ["lines"] = count + 1 });
        return 0;
    }
}
