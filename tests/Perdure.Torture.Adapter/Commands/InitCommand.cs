using Microsoft.Extensions.DependencyInjection;

namespace Perdure.Torture.Adapter.Commands;

/// <summary><c>init</c>: makes the schema. Several may run at once.</summary>
internal static class InitCommand
{
    public static async Task<int> RunAsync(AdapterSettings settings)
    {
        await using var services = Engine.BuildClient(settings);
        // The first call makes the store ready.
        await services.GetRequiredService<IPerdureClient>().ListAsync(new RunFilter { Limit = 1 });
        return 0;
    }
}
