using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Perdure.Hosting;

/// <summary>Where this process runs, also where no host was built.</summary>
internal static class HostEnvironments
{
    public static bool IsDevelopment(IServiceProvider services) => services.GetService<IHostEnvironment>() is { } host ? host.IsDevelopment()
        : string.Equals(
            Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT"), Environments.Development, StringComparison.OrdinalIgnoreCase);
}
