using Microsoft.Extensions.Hosting;

namespace Perdure.Cli.Hosting;

/// <summary>A host that starts and stops when the tool says so.</summary>
internal sealed class ToolLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
