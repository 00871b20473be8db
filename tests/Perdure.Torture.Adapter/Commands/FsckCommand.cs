using Microsoft.Extensions.DependencyInjection;
using Perdure.Storage;
using Perdure.Torture.Adapter.Dumps;
using Perdure.Torture.Adapter.Interpretation;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>fsck</c>: reads everything, which checks the chained checksum of every history.</summary>
internal static class FsckCommand
{
    private const int Damaged = 1;

    public static async Task<int> RunAsync(AdapterSettings settings)
    {
        await using var services = Engine.BuildClient(settings);
        var client = services.GetRequiredService<IPerdureClient>();
        var damaged = 0;
        try
        {
            foreach (var workflow in (string[])[TortureWorkflow.Definition.Name, SlotLines.Keeper])
                foreach (var id in await AllRuns.IdsAsync(client, workflow)) await ReadAsync(id);
        }
        catch (StoreException e) when (e.Fault is StoreFault.Corrupt or StoreFault.Schema)
        {
            damaged++;
            await Console.Error.WriteLineAsync(e.Message);
        }
        return damaged == 0 ? 0 : Damaged;

        async Task ReadAsync(string id)
        {
            try
            {
                await client.GetAsync(id);
                await client.GetHistoryAsync(id);
            }
            catch (HistoryDamagedException e)
            {
                damaged++;
                await Console.Error.WriteLineAsync(e.Message);
            }
        }
    }
}
